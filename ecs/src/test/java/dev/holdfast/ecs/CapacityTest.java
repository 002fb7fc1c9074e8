// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.agent.TaskInterface;
import dev.holdfast.aws.ecs.CapacityProvider;
import dev.holdfast.aws.ecs.CreateCapacityProviderResponse;
import dev.holdfast.aws.ecs.DeleteAttributesResponse;
import dev.holdfast.aws.ecs.DeleteCapacityProviderResponse;
import dev.holdfast.aws.ecs.DescribeCapacityProvidersResponse;
import dev.holdfast.aws.ecs.DescribeClustersResponse;
import dev.holdfast.aws.ecs.DescribeTasksResponse;
import dev.holdfast.aws.ecs.KeyValuePair;
import dev.holdfast.aws.ecs.ListAccountSettingsResponse;
import dev.holdfast.aws.ecs.ListAttributesResponse;
import dev.holdfast.aws.ecs.ListContainerInstancesResponse;
import dev.holdfast.aws.ecs.PutAccountSettingDefaultResponse;
import dev.holdfast.aws.ecs.PutAccountSettingResponse;
import dev.holdfast.aws.ecs.PutAttributesResponse;
import dev.holdfast.aws.ecs.PutClusterCapacityProvidersResponse;
import dev.holdfast.aws.ecs.RunTaskResponse;
import dev.holdfast.aws.ecs.Setting;
import dev.holdfast.aws.ecs.SubmitTaskStateChangeResponse;
import dev.holdfast.aws.ecs.Task;
import dev.holdfast.aws.ecs.UpdateCapacityProviderResponse;
import dev.holdfast.aws.ecs.UpdateClusterResponse;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class CapacityTest {
  private static final String FARGATE =
      """
      {"family":"far","executionRoleArn":"%s","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],
       "cpu":"256","memory":"512","containerDefinitions":[{"name":"app",
       "image":"127.0.0.1:4566/shop/web:1","portMappings":[{"containerPort":80}]}]}
      """
          .formatted(Fixture.ROLE);
  private static final String NETWORK =
      ",\"networkConfiguration\":{\"awsvpcConfiguration\":{\"subnets\":[\"subnet-1\",\"subnet-2\"],"
          + "\"securityGroups\":[\"sg-1\"],\"assignPublicIp\":\"ENABLED\"}}";

  private static final String DEV = ",\"tags\":[{\"key\":\"environment\",\"value\":\"dev\"}]";

  private static Fixture shop() {
    var f = new Fixture();
    f.connect();
    Scenes.shop(f);
    Scenes.register(f, FARGATE);
    return f;
  }

  private static RunTaskResponse far(Fixture f, String more) {
    return f.call(
        "RunTask",
        "{\"cluster\":\"shop\",\"taskDefinition\":\"far\"" + more + "}",
        RunTaskResponse.class);
  }

  private static Task described(Fixture f, String arn) {
    return f.call(
            "DescribeTasks",
            "{\"cluster\":\"shop\",\"tasks\":[\"" + arn + "\"]}",
            DescribeTasksResponse.class)
        .tasks()
        .getFirst();
  }

  private static void refuses(String code, String text, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(ApiError.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(text);
  }

  @Test
  void runsOnFargateWithANetworkInterface() {
    var f = shop();
    Task task = Scenes.task(far(f, NETWORK + ",\"launchType\":\"FARGATE\""));
    assertThat(task.launchType()).isEqualTo("FARGATE");
    assertThat(task.platformVersion()).isEqualTo("1.4.0");
    assertThat(task.platformFamily()).isEqualTo("Linux");
    assertThat(task.containerInstanceArn()).isNull();
    assertThat(Objects.requireNonNull(task.ephemeralStorage()).sizeInGiB()).isEqualTo(20);
    assertThat(task.attachments().getFirst().status()).isEqualTo("PRECREATED");
    String arn = Objects.requireNonNull(task.taskArn());
    f.call(
        Fixture.host(),
        "SubmitTaskStateChange",
        "{\"cluster\":\"shop\",\"task\":\""
            + arn
            + "\",\"status\":\"RUNNING\",\"containers\":[{\"containerName\":\"app\","
            + "\"status\":\"RUNNING\",\"networkBindings\":[{\"bindIP\":\"10.213.0.2\"}]}]}",
        SubmitTaskStateChangeResponse.class);
    Task running = described(f, arn);
    var attachment = running.attachments().getFirst();
    assertThat(attachment.type()).isEqualTo("ElasticNetworkInterface");
    assertThat(attachment.status()).isEqualTo("ATTACHED");
    assertThat(
            attachment.details().stream()
                .collect(Collectors.toMap(KeyValuePair::name, KeyValuePair::value)))
        .containsEntry("subnetId", "subnet-1")
        .containsEntry("privateIPv4Address", "10.213.0.2")
        .containsEntry("macAddress", TaskInterface.mac(arn))
        .containsEntry("networkInterfaceId", TaskInterface.id(arn));
    assertThat(TaskInterface.id(arn)).matches("eni-[0-9a-f]{17}");
    assertThat(TaskInterface.mac(arn)).matches("0a(:[0-9a-f]{2}){5}");
    var container = running.containers().getFirst();
    assertThat(container.networkBindings()).isEmpty();
    assertThat(container.networkInterfaces().getFirst().privateIpv4Address())
        .isEqualTo("10.213.0.2");
    assertThat(container.networkInterfaces().getFirst().attachmentId()).isEqualTo(attachment.id());
  }

  @Test
  void refusesWhatDoesNotGoTogetherInAwssWords() {
    var f = shop();
    refuses(
        "InvalidParameterException",
        "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
        () -> far(f, ""));
    refuses(
        "InvalidParameterException",
        "Network Configuration is not valid for the given networkMode",
        () -> Scenes.run(f, DEV + NETWORK));
    refuses(
        "InvalidParameterException",
        "Task definition does not support launch_type EXTERNAL.",
        () -> far(f, NETWORK + ",\"launchType\":\"EXTERNAL\""));
    refuses(
        "InvalidParameterException",
        "Task definition does not support launch_type FARGATE.",
        () -> Scenes.run(f, DEV + ",\"launchType\":\"FARGATE\""));
    refuses(
        "InvalidParameterException",
        "The platform version must be null when specifying an EC2 launch type.",
        () -> Scenes.run(f, DEV + ",\"platformVersion\":\"1.4.0\""));
    refuses(
        "PlatformUnknownException",
        "The specified platform does not exist.",
        () -> far(f, NETWORK + ",\"launchType\":\"FARGATE\",\"platformVersion\":\"9\""));
    refuses(
        "InvalidParameterException",
        "Placement constraints are not supported with FARGATE",
        () ->
            far(
                f,
                NETWORK
                    + ",\"launchType\":\"FARGATE\",\"placementConstraints\":[{\"type\":\"distinctInstance\"}]"));
    refuses(
        "InvalidParameterException",
        "subnets can not be empty.",
        () -> far(f, ",\"networkConfiguration\":{\"awsvpcConfiguration\":{\"subnets\":[]}}"));
    refuses(
        "InvalidParameterException",
        "not associated with the cluster",
        () ->
            far(
                f,
                NETWORK
                    + ",\"capacityProviderStrategy\":[{\"capacityProvider\":\"FARGATE\",\"weight\":1}]"));
    refuses(
        "InvalidParameterException",
        "Specifying both a launch type and capacity provider strategy is not supported.",
        () ->
            far(
                f,
                NETWORK
                    + ",\"launchType\":\"EC2\",\"capacityProviderStrategy\":[{\"capacityProvider\":\"FARGATE\",\"weight\":1}]"));
  }

  @Test
  void dividesTasksAmongProvidersAndKeepsThoseInUse() {
    var f = shop();
    f.call(
        "PutClusterCapacityProviders",
        "{\"cluster\":\"shop\",\"capacityProviders\":[\"FARGATE\",\"FARGATE_SPOT\"],"
            + "\"defaultCapacityProviderStrategy\":[{\"capacityProvider\":\"FARGATE\",\"weight\":1,\"base\":1},"
            + "{\"capacityProvider\":\"FARGATE_SPOT\",\"weight\":1}]}",
        PutClusterCapacityProvidersResponse.class);
    RunTaskResponse run = far(f, NETWORK + ",\"count\":5");
    assertThat(run.failures()).isEmpty();
    assertThat(run.tasks())
        .extracting(Task::capacityProviderName)
        .containsExactlyInAnyOrder("FARGATE", "FARGATE", "FARGATE", "FARGATE_SPOT", "FARGATE_SPOT");
    assertThat(run.tasks()).extracting(Task::launchType).containsOnly("FARGATE");
    refuses(
        "ResourceInUseException",
        "The specified capacity provider is in use and cannot be removed.",
        () ->
            f.call(
                "PutClusterCapacityProviders",
                "{\"cluster\":\"shop\",\"capacityProviders\":[\"FARGATE\"],\"defaultCapacityProviderStrategy\":[]}",
                PutClusterCapacityProvidersResponse.class));
  }

  @Test
  void keepsProvidersOfGroupsAndDeletesThemUnused() {
    var f = shop();
    String create =
        "{\"name\":\"own\",\"autoScalingGroupProvider\":{\"autoScalingGroupArn\":\"group\",\"managedScaling\":{\"status\":\"ENABLED\"}}}";
    CapacityProvider made =
        f.call("CreateCapacityProvider", create, CreateCapacityProviderResponse.class)
            .capacityProvider();
    var group = Objects.requireNonNull(Objects.requireNonNull(made).autoScalingGroupProvider());
    assertThat(Objects.requireNonNull(group.managedScaling()).targetCapacity()).isEqualTo(100);
    refuses(
        "ClientException",
        "already exists",
        () -> f.call("CreateCapacityProvider", create, CreateCapacityProviderResponse.class));
    f.call(
        "UpdateCapacityProvider",
        "{\"name\":\"own\",\"autoScalingGroupProvider\":{\"managedScaling\":{\"targetCapacity\":80}}}",
        UpdateCapacityProviderResponse.class);
    var all = f.call("DescribeCapacityProviders", "{}", DescribeCapacityProvidersResponse.class);
    assertThat(all.capacityProviders())
        .extracting(CapacityProvider::name)
        .containsExactly("FARGATE", "FARGATE_SPOT", "own");
    var scaling =
        Objects.requireNonNull(
            Objects.requireNonNull(all.capacityProviders().getLast().autoScalingGroupProvider())
                .managedScaling());
    assertThat(scaling.targetCapacity()).isEqualTo(80);
    assertThat(scaling.status()).isEqualTo("ENABLED");
    f.call(
        "PutClusterCapacityProviders",
        "{\"cluster\":\"shop\",\"capacityProviders\":[\"own\"],\"defaultCapacityProviderStrategy\":[{\"capacityProvider\":\"own\",\"weight\":1}]}",
        PutClusterCapacityProvidersResponse.class);
    Task task =
        Scenes.task(Scenes.run(f, ",\"tags\":[{\"key\":\"environment\",\"value\":\"dev\"}]"));
    assertThat(task.launchType()).isEqualTo("EC2");
    assertThat(task.capacityProviderName()).isEqualTo("own");
    refuses(
        "ClientException",
        "because it is associated with cluster: shop.",
        () ->
            f.call(
                "DeleteCapacityProvider",
                "{\"capacityProvider\":\"own\"}",
                DeleteCapacityProviderResponse.class));
    assertThat(
            f.call(
                    "DescribeCapacityProviders",
                    "{\"capacityProviders\":[\"none\"]}",
                    DescribeCapacityProvidersResponse.class)
                .failures()
                .getFirst()
                .reason())
        .isEqualTo("MISSING");
    refuses(
        "InvalidParameterException",
        "cannot be prefixed",
        () ->
            f.call(
                "CreateCapacityProvider",
                create.replace("own", "awsthing"),
                CreateCapacityProviderResponse.class));
  }

  @Test
  void placesByAttributesThatWerePut() {
    var f = shop();
    Task first =
        Scenes.task(Scenes.run(f, ",\"tags\":[{\"key\":\"environment\",\"value\":\"dev\"}]"));
    String instance = Objects.requireNonNull(first.containerInstanceArn());
    String attribute =
        "{\"cluster\":\"shop\",\"attributes\":[{\"name\":\"rack\",\"value\":\"r1\",\"targetId\":\""
            + instance
            + "\"}]}";
    String only =
        ",\"tags\":[{\"key\":\"environment\",\"value\":\"dev\"}],\"placementConstraints\":[{\"type\":\"memberOf\",\"expression\":\"attribute:rack == r1\"}]";
    assertThat(Scenes.run(f, only).failures().getFirst().reason())
        .isEqualTo("MemberOf placement constraint unsatisfied.");
    f.call("PutAttributes", attribute, PutAttributesResponse.class);
    assertThat(Scenes.run(f, only).tasks()).hasSize(1);
    assertThat(
            f.call(
                    "ListAttributes",
                    "{\"cluster\":\"shop\",\"targetType\":\"container-instance\",\"attributeName\":\"rack\"}",
                    ListAttributesResponse.class)
                .attributes()
                .getFirst()
                .value())
        .isEqualTo("r1");
    assertThat(
            f.call(
                    "ListContainerInstances",
                    "{\"cluster\":\"shop\",\"filter\":\"attribute:rack exists and task:group == family:web\"}",
                    ListContainerInstancesResponse.class)
                .containerInstanceArns())
        .containsExactly(instance);
    assertThat(
            Scenes.run(
                    f,
                    only.replace(
                        "\"memberOf\",\"expression\":\"attribute:rack == r1\"",
                        "\"distinctInstance\""))
                .failures()
                .getFirst()
                .reason())
        .isEqualTo("DistinctInstance placement constraint unsatisfied.");
    f.call("DeleteAttributes", attribute, DeleteAttributesResponse.class);
    assertThat(Scenes.run(f, only).tasks()).isEmpty();
    refuses(
        "InvalidParameterException",
        "its agent's own",
        () ->
            f.call(
                "PutAttributes",
                attribute.replace("rack", "ecs.os-type"),
                PutAttributesResponse.class));
    refuses(
        "TargetNotFoundException",
        "The specified target was not found.",
        () ->
            f.call(
                "PutAttributes",
                attribute.replace(instance.substring(instance.length() - 32), "0".repeat(32)),
                PutAttributesResponse.class));
    refuses(
        "InvalidParameterException",
        "Invalid expression",
        () -> Scenes.run(f, only.replace("==", "=")));
  }

  @Test
  void asksTheHostsOwnerForItsNetwork() {
    var f = shop();
    String host =
        "{\"family\":\"web\",\"networkMode\":\"host\",\"executionRoleArn\":\"%s\",\"containerDefinitions\":[{\"name\":\"app\","
                .formatted(Fixture.ROLE)
            + "\"image\":\"127.0.0.1:4566/shop/web:1\",\"memory\":64,\"portMappings\":[{\"containerPort\":8080}]}]}";
    Scenes.register(f, host);
    var failure = Scenes.run(f, "").failures().getFirst();
    assertThat(failure.reason()).isEqualTo("ATTRIBUTE");
    assertThat(failure.detail()).contains("hostNetwork", "/etc/holdfast/host-policy.json");
    var allowing = new Fixture();
    allowing.grants = java.util.Set.of("hostNetwork");
    allowing.connect();
    Scenes.shop(allowing);
    Scenes.register(allowing, host);
    assertThat(Scenes.run(allowing, "").tasks()).hasSize(1);
    // The port is the host's.
    assertThat(Scenes.run(allowing, "").failures().getFirst().reason()).isEqualTo("RESOURCE:PORTS");
  }

  @Test
  void keepsSettingsOfClustersAndAccounts() {
    var f = shop();
    f.call(
        "PutAccountSettingDefault",
        "{\"name\":\"containerInsights\",\"value\":\"enabled\"}",
        PutAccountSettingDefaultResponse.class);
    f.call(
        "CreateCluster",
        "{\"clusterName\":\"seen\"}",
        dev.holdfast.aws.ecs.CreateClusterResponse.class);
    assertThat(
            f.call("DescribeClusters", "{\"clusters\":[\"seen\"]}", DescribeClustersResponse.class)
                .clusters()
                .getFirst()
                .settings()
                .getFirst()
                .value())
        .isEqualTo("enabled");
    f.call(
        "UpdateCluster",
        "{\"cluster\":\"seen\",\"settings\":[{\"name\":\"containerInsights\",\"value\":\"disabled\"}],"
            + "\"configuration\":{\"executeCommandConfiguration\":{\"logging\":\"NONE\"}},"
            + "\"serviceConnectDefaults\":{\"namespace\":\"ns\"}}",
        UpdateClusterResponse.class);
    var seen =
        f.call(
                "DescribeClusters",
                "{\"clusters\":[\"seen\"],\"include\":[\"CONFIGURATIONS\"]}",
                DescribeClustersResponse.class)
            .clusters()
            .getFirst();
    assertThat(seen.settings().getFirst().value()).isEqualTo("disabled");
    assertThat(
            Objects.requireNonNull(
                    Objects.requireNonNull(seen.configuration()).executeCommandConfiguration())
                .logging())
        .isEqualTo("NONE");
    assertThat(Objects.requireNonNull(seen.serviceConnectDefaults()).namespace()).isEqualTo("ns");
    f.call(
        "PutAccountSetting",
        "{\"name\":\"awsvpcTrunking\",\"value\":\"enabled\"}",
        PutAccountSettingResponse.class);
    assertThat(settings(f, "{}")).extracting(Setting::name).containsExactly("awsvpcTrunking");
    List<Setting> effective = settings(f, "{\"effectiveSettings\":true}");
    assertThat(effective).hasSize(11);
    assertThat(effective)
        .filteredOn(s -> "containerInsights".equals(s.name()))
        .extracting(Setting::principalArn)
        .containsExactly("arn:aws:iam::123456789012:root");
    refuses(
        "InvalidParameterException",
        "every ARN has the long format",
        () ->
            f.call(
                "PutAccountSetting",
                "{\"name\":\"taskLongArnFormat\",\"value\":\"disabled\"}",
                PutAccountSettingResponse.class));
    refuses(
        "InvalidParameterException",
        "Invalid principalArn",
        () ->
            f.call(
                "PutAccountSetting",
                "{\"name\":\"awsvpcTrunking\",\"value\":\"enabled\",\"principalArn\":\"arn:aws:iam::999999999999:user/x\"}",
                PutAccountSettingResponse.class));
  }

  private static List<Setting> settings(Fixture f, String json) {
    return f.call("ListAccountSettings", json, ListAccountSettingsResponse.class).settings();
  }
}
