// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ecs.model.TaskSpec;
import dev.holdfast.kit.Json;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TaskDefinitionCheckTest {
  private static String fault(String json) {
    TaskSpec spec =
        TaskSpec.of(Json.parseObject(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
    Optional<Fault> fault = TaskDefinitionCheck.fault(spec);
    return fault.map(Fault::text).orElse("");
  }

  private static String containers(String containers) {
    return fault(
        "{'family':'web','executionRoleArn':'r','containerDefinitions':[" + containers + "]}");
  }

  @Test
  void takesASmallDefinition() {
    assertThat(containers("{'name':'a','image':'i','memory':32}")).isEmpty();
  }

  @Test
  void wantsMemoryAnEssentialContainerAndUniqueNames() {
    assertThat(containers("")).isEqualTo("Container list cannot be empty.");
    assertThat(containers("{'name':'a','image':'i'}"))
        .isEqualTo(
            "Invalid setting for container 'a'. At least one of 'memory' or 'memoryReservation' must"
                + " be specified.");
    assertThat(containers("{'name':'a','image':'i','memory':32,'essential':false}"))
        .contains("essential");
    assertThat(
            containers("{'name':'a','image':'i','memory':32},{'name':'a','image':'i','memory':32}"))
        .contains("unique");
  }

  @Test
  void refusesDependenciesInACircle() {
    assertThat(
            containers(
                "{'name':'a','image':'i','memory':32,'dependsOn':[{'containerName':'b','condition':'START'}]},"
                    + "{'name':'b','image':'i','memory':32,'dependsOn':[{'containerName':'a','condition':'START'}]}"))
        .contains("cycle");
  }

  @Test
  void refusesToWaitForTheEndOfAnEssentialContainer() {
    assertThat(
            containers(
                "{'name':'a','image':'i','memory':32,'dependsOn':[{'containerName':'b','condition':'SUCCESS'}]},"
                    + "{'name':'b','image':'i','memory':32}"))
        .contains("cannot be on the essential container 'b'");
  }

  @Test
  void refusesPortsVolumesAndHealthChecksThatAreNone() {
    assertThat(
            containers(
                "{'name':'a','image':'i','memory':32,'portMappings':[{'containerPort':70000}]}"))
        .contains("'containerPort' must be between 1 and 65535");
    assertThat(
            containers(
                "{'name':'a','image':'i','memory':32,'mountPoints':[{'sourceVolume':'v','containerPath':'/v'}]}"))
        .isEqualTo("Unknown volume 'v'.");
    assertThat(
            containers("{'name':'a','image':'i','memory':32,'healthCheck':{'command':['true']}}"))
        .contains("CMD-SHELL");
  }

  @Test
  void countsAmountsThatNoIntegerHolds() {
    String two =
        "{'name':'a','image':'i','memory':2147483647},{'name':'b','image':'i','memory':2147483647}";
    assertThat(fault("{'family':'w','memory':'64','containerDefinitions':[" + two + "]}"))
        .startsWith("The 'memory' of the containers is greater");
    TaskSpec spec =
        TaskSpec.of(
            Json.parseObject(
                ("{\"containerDefinitions\":[" + two + "]}")
                    .replace('\'', '"')
                    .getBytes(StandardCharsets.UTF_8)));
    assertThat(TaskSize.of(spec).memory()).isEqualTo(Integer.MAX_VALUE);
    assertThat(
            containers(
                String.join(",", java.util.Collections.nCopies(11, "{'name':'a','image':'i'}"))))
        .contains("at most 10 containers");
  }

  @Test
  void refusesVariablesThatNoProcessCanBeGiven() {
    assertThat(
            containers(
                "{'name':'a','image':'i','memory':32,'environment':[{'name':'A','value':'\\u0000'}]}"))
        .contains("'A' holds a NUL");
    for (String name : new String[] {"", "A=B", "A\\u0000B"}) {
      assertThat(
              containers(
                  "{'name':'a','image':'i','memory':32,'secrets':[{'name':'"
                      + name
                      + "','valueFrom':'/x'}]}"))
          .contains("secret needs a name");
    }
  }

  private static String awsvpc(String more, String container) {
    return fault(
        "{'family':'w','networkMode':'awsvpc',"
            + more
            + "'containerDefinitions':[{'name':'a',"
            + "'image':'i','memory':32"
            + container
            + "}]}");
  }

  @Test
  void takesWhatANetworkNamespaceOfATaskHas() {
    assertThat(awsvpc("", ",'portMappings':[{'containerPort':80,'hostPort':80}]")).isEmpty();
    assertThat(awsvpc("", ",'portMappings':[{'containerPort':80,'hostPort':8080}]"))
        .isEqualTo(
            "When networkMode=awsvpc, the host ports and container ports in port mappings must"
                + " match.");
    assertThat(awsvpc("", ",'links':['b']"))
        .startsWith("Invalid setting for container 'a'. It links");
    assertThat(awsvpc("", ",'hostname':'h'"))
        .isEqualTo("hostname is not supported on container when networkMode=awsvpc.");
    assertThat(awsvpc("", ",'extraHosts':[{'hostname':'h','ipAddress':'10.0.0.1'}]"))
        .isEqualTo("extraHosts is not supported on container when networkMode=awsvpc.");
    assertThat(awsvpc("'requiresCompatibilities':['EXTERNAL'],", "")).contains("EXTERNAL");
    assertThat(
            fault(
                "{'family':'w','networkMode':'awsvpc','containerDefinitions':["
                    + "{'name':'a','image':'i','memory':32,'portMappings':[{'containerPort':80}]},"
                    + "{'name':'b','image':'i','memory':32,'portMappings':[{'containerPort':80}]}]}"))
        .contains("The host port 80 is mapped twice");
    assertThat(fault("{'family':'w','networkMode':'ring','containerDefinitions':[]}"))
        .isEqualTo("Invalid networkMode 'ring'.");
  }

  @Test
  void takesTheSizesThatFargateHas() {
    String fargate = "'requiresCompatibilities':['FARGATE'],";
    assertThat(awsvpc(fargate + "'cpu':'256','memory':'512',", "")).isEmpty();
    assertThat(awsvpc(fargate + "'cpu':'.25 vCPU','memory':'0.5 GB',", "")).isEmpty();
    assertThat(awsvpc(fargate + "'cpu':'16 vCPU','memory':'120GB',", "")).isEmpty();
    assertThat(awsvpc(fargate + "'cpu':'256','memory':'4096',", ""))
        .isEqualTo(
            "No Fargate configuration exists for given values: 256 CPU, 4096 memory. See the Amazon"
                + " ECS documentation for the valid values.");
    assertThat(awsvpc(fargate + "'cpu':'8192','memory':'17408',", "")).contains("No Fargate");
    assertThat(awsvpc(fargate + "'memory':'512',", ""))
        .isEqualTo("Fargate requires that 'cpu' be defined at the task level.");
    assertThat(awsvpc(fargate + "'cpu':'256',", ""))
        .isEqualTo("Fargate requires that 'memory' be defined at the task level.");
    String small = fargate + "'cpu':'256','memory':'512',";
    assertThat(awsvpc(small + "'ephemeralStorage':{'sizeInGiB':20},", "")).contains("21 and 200");
    assertThat(awsvpc(small + "'ephemeralStorage':{'sizeInGiB':21},", "")).isEmpty();
    assertThat(awsvpc(small, ",'stopTimeout':121")).contains("at most 120 for FARGATE");
    assertThat(awsvpc(small + "'volumes':[{'name':'v','host':{'sourcePath':'/x'}}],", ""))
        .isEqualTo("Fargate compatible task definitions do not support sourcePath");
    assertThat(
            fault(
                "{'family':'w','requiresCompatibilities':['FARGATE'],'cpu':'256','memory':'512',"
                    + "'containerDefinitions':[{'name':'a','image':'i','memory':32}]}"))
        .isEqualTo("Fargate only supports network mode ‘awsvpc’.");
    assertThat(awsvpc("'requiresCompatibilities':['MANAGED_INSTANCES'],", ""))
        .startsWith("`requiresCompatibilities` MANAGED_INSTANCES is not served");
  }

  @Test
  void boundsWhatIsAskedOfTheKernel() {
    String c = "{'name':'a','image':'i','memory':32,";
    assertThat(containers(c + "'linuxParameters':{'capabilities':{'add':['NET_ADMIN']}}}"))
        .isEmpty();
    assertThat(containers(c + "'linuxParameters':{'capabilities':{'add':['ALL']}}}"))
        .contains("ALL", "refused");
    assertThat(containers(c + "'linuxParameters':{'capabilities':{'add':['FLY']}}}"))
        .contains("'FLY' is no capability");
    assertThat(containers(c + "'linuxParameters':{'maxSwap':32,'swappiness':10}}")).isEmpty();
    assertThat(containers(c + "'linuxParameters':{'maxSwap':33}}"))
        .contains("as much swap as memory");
    assertThat(containers(c + "'linuxParameters':{'swappiness':101}}")).contains("0 and 100");
    assertThat(containers(c + "'ulimits':[{'name':'nofile','softLimit':9,'hardLimit':10}]}"))
        .isEmpty();
    assertThat(containers(c + "'ulimits':[{'name':'nofile','softLimit':11,'hardLimit':10}]}"))
        .contains("softLimit");
    assertThat(containers(c + "'ulimits':[{'name':'rtprio','softLimit':1,'hardLimit':1}]}"))
        .contains("refused");
    assertThat(
            containers(c + "'systemControls':[{'namespace':'net.core.somaxconn','value':'1024'}]}"))
        .isEmpty();
    assertThat(containers(c + "'systemControls':[{'namespace':'vm.swappiness','value':'1'}]}"))
        .contains("whole host's");
    assertThat(containers(c + "'systemControls':[{'namespace':'net.x','value':'1;2'}]}"))
        .contains("not valid");
    assertThat(containers(c + "'dockerSecurityOptions':['no-new-privileges']}")).isEmpty();
    assertThat(containers(c + "'dockerSecurityOptions':['seccomp:unconfined']}"))
        .contains("refused");
    assertThat(
            containers(
                c
                    + "'linuxParameters':{'tmpfs':[{'containerPath':'/t','size':1,"
                    + "'mountOptions':['noexec','mode=1777']}]}}"))
        .isEmpty();
    assertThat(
            containers(
                c
                    + "'linuxParameters':{'tmpfs':[{'containerPath':'/t','size':1,"
                    + "'mountOptions':['lowerdir=/']}]}}"))
        .contains("no mount option");
  }

  @Test
  void takesVolumesOfOtherContainersAndLinksThatRename() {
    String b = "{'name':'b','image':'i','memory':32}";
    assertThat(containers("{'name':'a','image':'i','memory':32,'links':['b:db']}," + b)).isEmpty();
    assertThat(
            containers(
                "{'name':'a','image':'i','memory':32,'links':['b:c']},"
                    + b
                    + ",{'name':'c','image':'i','memory':32}"))
        .contains("a name that another container of the task has");
    assertThat(
            containers(
                "{'name':'a','image':'i','memory':32,'volumesFrom':[{'sourceContainer':'b'}]},"
                    + b))
        .isEmpty();
    assertThat(
            containers(
                "{'name':'a','image':'i','memory':32,'volumesFrom':[{'sourceContainer':'x'}]}"))
        .contains("no other container of the task");
    assertThat(
            containers(
                "{'name':'a','image':'i','memory':32,'volumesFrom':[{'sourceContainer':'b'}]},"
                    + "{'name':'b','image':'i','memory':32,'links':['a']}"))
        .contains("cycle");
  }

  @Test
  void takesSharedVolumesAndLeavesTheAgentsLabels() {
    String volume =
        "{'family':'w','containerDefinitions':[{'name':'a','image':'i','memory':32}],"
            + "'volumes':[{'name':'v','dockerVolumeConfiguration':{%s}}]}";
    assertThat(fault(volume.formatted("'scope':'shared','autoprovision':true"))).isEmpty();
    assertThat(fault(volume.formatted("'scope':'task','autoprovision':true"))).contains("shared");
    assertThat(fault(volume.formatted("'driver':'nfs'"))).contains("refused");
    assertThat(
            fault(
                volume.formatted("'scope':'shared','labels':{'dev.holdfast.environment':'prod'}")))
        .contains("the agent's own");
  }

  @Test
  void leavesTheHostsNamespacesToItsOwner() {
    String host =
        "{'family':'w','networkMode':'host','containerDefinitions':[{'name':'a','image':'i',"
            + "'memory':32,'portMappings':[{'containerPort':80}]}]%s}";
    assertThat(fault(host.formatted(""))).isEmpty();
    assertThat(fault(host.formatted(",'taskRoleArn':'r'"))).contains("`networkMode` host");
    TaskSpec spec =
        TaskSpec.of(
            Json.parseObject(
                host.formatted(",'pidMode':'host','ipcMode':'host'")
                    .replace('\'', '"')
                    .getBytes(StandardCharsets.UTF_8)));
    assertThat(HostNeeds.of(spec)).containsExactlyInAnyOrder("hostNetwork", "hostPid", "hostIpc");
    assertThat(TaskSize.of(spec).tcp()).containsExactly(80);
    assertThat(fault(host.formatted(",'pidMode':'other'"))).isEqualTo("Invalid pidMode 'other'.");
  }

  @Test
  void takesMemberOfConstraints() {
    String constrained =
        "{'family':'w','containerDefinitions':[{'name':'a','image':'i','memory':32}],"
            + "'placementConstraints':[{'type':'%s','expression':'%s'}]}";
    assertThat(fault(constrained.formatted("memberOf", "attribute:a == b"))).isEmpty();
    assertThat(fault(constrained.formatted("memberOf", "attribute:a = b")))
        .contains("Invalid expression");
    assertThat(fault(constrained.formatted("distinctInstance", "x"))).contains("Invalid placement");
  }

  @Test
  void takesPatternsOfOneWholeLevel() {
    assertThat(ValueFrom.fault("/shop/*/db-password")).isEmpty();
    assertThat(ValueFrom.fault("arn:aws:ssm:eu-test-1:123456789012:parameter/shop/*/db")).isEmpty();
    assertThat(ValueFrom.fault("/shop/x*/db")).isPresent();
    assertThat(ValueFrom.fault("/*/*/db")).isPresent();
  }

  @Test
  void takesSecretsByArnWithAllThreePartsOrNone() {
    String arn = "arn:aws:secretsmanager:eu-test-1:123456789012:secret:shop/db-AbCdEf";
    String account = "123456789012";
    assertThat(ValueFrom.parse(arn, account, "eu-test-1"))
        .isEqualTo(new ValueFrom.Secret(arn, "eu-test-1", true, null, null, null));
    assertThat(ValueFrom.parse(arn + ":password::", account, "eu-test-1"))
        .isEqualTo(new ValueFrom.Secret(arn, "eu-test-1", true, "password", null, null));
    assertThat(ValueFrom.parse(arn + "::AWSPREVIOUS:", account, "eu-other-1"))
        .isEqualTo(new ValueFrom.Secret(arn, "eu-test-1", false, null, "AWSPREVIOUS", null));
    assertThat(ValueFrom.parse(arn + ":::0123", account, "eu-test-1"))
        .isEqualTo(new ValueFrom.Secret(arn, "eu-test-1", true, null, null, "0123"));
    assertThat(ValueFrom.fault(arn + ":password"))
        .hasValueSatisfying(t -> assertThat(t).contains(":password::"));
    assertThat(ValueFrom.fault(arn + ":a:b:c:d")).isPresent();
    assertThat(ValueFrom.fault(arn.replace("secret:shop/db", "other:x"))).isPresent();
    assertThat(ValueFrom.fault(arn.replace("shop", "*"))).isPresent();
  }

  @Test
  void readsAmountsInEveryWayThatAwsTakes() {
    assertThat(TaskSize.cpu("256")).hasValue(256);
    assertThat(TaskSize.cpu(".25 vCPU")).hasValue(256);
    assertThat(TaskSize.memory("0.5GB")).hasValue(512);
    assertThat(TaskSize.memory("lots")).isEmpty();
  }
}
