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

  @Test
  void refusesVolumesThatOutliveTheirTask() {
    assertThat(
            fault(
                "{'family':'w','containerDefinitions':[{'name':'a','image':'i','memory':32}],"
                    + "'volumes':[{'name':'v','dockerVolumeConfiguration':{'scope':'shared'}}]}"))
        .contains("use the scope task");
  }

  @Test
  void namesWhatComesLater() {
    assertThat(
            fault(
                "{'family':'w','networkMode':'awsvpc','containerDefinitions':[{'name':'a','image':'i','memory':32}]}"))
        .startsWith("`networkMode` awsvpc comes later");
    assertThat(
            fault(
                "{'family':'w','requiresCompatibilities':['FARGATE'],'containerDefinitions':[{'name':'a','image':'i','memory':32}]}"))
        .startsWith("`requiresCompatibilities` FARGATE comes later");
    assertThat(
            fault(
                "{'family':'w','networkMode':'host','containerDefinitions':[{'name':'a','image':'i','memory':32}]}"))
        .contains("host policy");
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
