// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.ecs.DescribeServiceRevisionsResponse;
import dev.holdfast.aws.ecs.ListServicesResponse;
import dev.holdfast.aws.ecs.PutClusterCapacityProvidersResponse;
import dev.holdfast.aws.ecs.Service;
import dev.holdfast.ecs.model.TaskStatus;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What an update changes and removes, and what the kind of a service does not allow. */
final class ServiceChangesTest {
  private static final String TWO = ",\"desiredCount\":2" + ServiceScene.PROD;
  private static final String NETWORK =
      ",\"networkConfiguration\":{\"awsvpcConfiguration\":{\"subnets\":[\"subnet-1\"]}}";
  private static final String FAR =
      """
      {"family":"web","executionRoleArn":"%s","networkMode":"awsvpc",
       "requiresCompatibilities":["FARGATE","EC2"],"cpu":"256","memory":"512",
       "containerDefinitions":[{"name":"app","image":"127.0.0.1:4566/shop/web:1"}]}
      """
          .formatted(Fixture.ROLE);
  private static final String BY_FARGATE =
      ",\"capacityProviderStrategy\":[{\"capacityProvider\":\"FARGATE\",\"weight\":1}]";
  private static final String FORCED = ",\"forceNewDeployment\":true";

  private static void refuses(String text, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ApiError.class, e -> assertThat(e.code()).isEqualTo("InvalidParameterException"))
        .hasMessage(text);
  }

  /** The scene's service {@code web} would be of a definition that FARGATE takes. */
  private static ServiceScene fargate(String defaultStrategy) {
    var s = new ServiceScene();
    Scenes.register(s.f, FAR);
    strategy(s, defaultStrategy);
    return s;
  }

  private static void strategy(ServiceScene s, String defaultStrategy) {
    s.f.call(
        "PutClusterCapacityProviders",
        "{\"cluster\":\"shop\",\"capacityProviders\":[\"FARGATE\",\"FARGATE_SPOT\"],"
            + "\"defaultCapacityProviderStrategy\":["
            + defaultStrategy
            + "]}",
        PutClusterCapacityProvidersResponse.class);
  }

  @Test
  void removesWhatIsGivenEmptyAndKeepsWhatIsNotGiven() {
    var s = new ServiceScene();
    Service made =
        s.create(
            ",\"placementConstraints\":[{\"type\":\"distinctInstance\"}],"
                + "\"placementStrategy\":[{\"type\":\"binpack\",\"field\":\"memory\"}]"
                + TWO);
    assertThat(made.placementConstraints()).hasSize(1);
    assertThat(s.update(",\"desiredCount\":1").deployments()).hasSize(1);
    assertThat(s.describe().placementConstraints()).hasSize(1);

    Service changed = s.update(",\"placementConstraints\":[]");
    assertThat(changed.placementConstraints()).isEmpty();
    assertThat(changed.placementStrategy()).hasSize(1);
    assertThat(changed.deployments().getFirst().id())
        .isNotEqualTo(made.deployments().getFirst().id());
    assertThat(s.update(",\"placementStrategy\":[]").placementStrategy()).isEmpty();
    String last = s.describe().deployments().getFirst().id();
    assertThat(
            s.update(
                    ",\"placementStrategy\":[],\"placementConstraints\":[],\"loadBalancers\":[],"
                        + "\"serviceRegistries\":[],\"capacityProviderStrategy\":[]")
                .deployments()
                .getFirst()
                .id())
        .isEqualTo(last);
  }

  @Test
  void goesOverToAStrategyAndBackToTheLaunchTypeThatItWasMadeWith() {
    var s = fargate("");
    var _ = s.create(",\"launchType\":\"EC2\"" + NETWORK + TWO);
    refuses(
        "When switching from launch type to capacity provider strategy on an existing service, or"
            + " making a change to a capacity provider strategy on a service that is already using"
            + " one, you must force a new deployment.",
        () -> s.update(BY_FARGATE));
    Service changed = s.update(BY_FARGATE + FORCED);
    assertThat(changed.launchType()).isNull();
    assertThat(changed.capacityProviderStrategy()).hasSize(1);
    assertThat(changed.platformVersion()).isEqualTo("LATEST");
    Service back = s.update(",\"capacityProviderStrategy\":[]" + FORCED);
    assertThat(back.launchType()).isEqualTo("EC2");
    assertThat(back.capacityProviderStrategy()).isEmpty();
    assertThat(back.platformVersion()).isNull();
  }

  @Test
  void goesBackToTheClustersStrategyWhereThereIsOne() {
    var s = fargate("");
    String first = s.create(BY_FARGATE + NETWORK + TWO).deployments().getFirst().id();
    String same = BY_FARGATE.replace("}]", ",\"base\":0}]");
    assertThat(s.update(same).deployments().getFirst().id()).isEqualTo(first);
    refuses(
        "No launch type to fall back to for empty capacity provider strategy. Your service was not"
            + " created with a launch type.",
        () -> s.update(",\"capacityProviderStrategy\":[]" + FORCED));
    strategy(s, "{\"capacityProvider\":\"FARGATE_SPOT\",\"weight\":1}");
    assertThat(
            s.update(",\"capacityProviderStrategy\":[]" + FORCED)
                .capacityProviderStrategy()
                .getFirst()
                .capacityProvider())
        .isEqualTo("FARGATE_SPOT");
  }

  @Test
  void refusesWhatADaemonCannotHave() {
    String daemon = ",\"schedulingStrategy\":\"DAEMON\"" + ServiceScene.PROD;
    String binpack = ",\"placementStrategy\":[{\"type\":\"binpack\",\"field\":\"memory\"}]";
    String noStrategies =
        "The daemon scheduling strategy does not support placement strategies. Remove the placement"
            + " strategy and try again";
    String noCount =
        "The daemon scheduling strategy does not support a desired count for services. Remove the"
            + " desired count value and try again";
    var s = fargate("");
    refuses(
        "The daemon scheduling strategy does not support the FARGATE launch type. Specify another"
            + " launch type and try again",
        () -> s.create(",\"launchType\":\"FARGATE\"" + NETWORK + daemon));
    refuses(
        "Specifying a capacity provider strategy is not supported when you create a service using"
            + " the DAEMON scheduling strategy.",
        () -> s.create(BY_FARGATE + NETWORK + daemon));
    refuses(noStrategies, () -> s.create(binpack + NETWORK + daemon));
    refuses(noCount, () -> s.create(",\"desiredCount\":1" + NETWORK + daemon));
    var _ = s.create(",\"launchType\":\"EC2\"" + NETWORK + daemon);
    refuses(noStrategies, () -> s.update(binpack));
    refuses(noCount, () -> s.update(",\"desiredCount\":3"));
    assertThat(
            s.update(",\"placementConstraints\":[{\"type\":\"distinctInstance\"}]")
                .placementConstraints())
        .hasSize(1);
  }

  @Test
  void refusesPlacementWhereNobodyChoosesTheMachine() {
    var s = fargate("");
    String spread = ",\"placementStrategy\":[{\"type\":\"spread\",\"field\":\"instanceId\"}]";
    String distinct = ",\"placementConstraints\":[{\"type\":\"distinctInstance\"}]";
    String noConstraints = "Placement constraints are not supported with FARGATE launch type.";
    refuses(
        noConstraints, () -> s.create(",\"launchType\":\"FARGATE\"" + distinct + NETWORK + TWO));
    refuses(
        "Placement strategies are not supported with FARGATE launch type.",
        () -> s.create(BY_FARGATE + spread + NETWORK + TWO));
    var _ = s.create(",\"launchType\":\"FARGATE\"" + NETWORK + TWO);
    refuses(noConstraints, () -> s.update(distinct));
  }

  @Test
  void showsThePlatformOfFargateAndListsBySuch() {
    var s = fargate("{\"capacityProvider\":\"FARGATE\",\"weight\":1}");
    Service made = s.create(NETWORK + TWO);
    assertThat(made.platformVersion()).isEqualTo("LATEST");
    assertThat(made.platformFamily()).isEqualTo("Linux");
    assertThat(made.deployments().getFirst().platformVersion()).isEqualTo("1.4.0");
    assertThat(made.deployments().getFirst().platformFamily()).isEqualTo("Linux");
    var revision =
        s.f
            .call(
                "DescribeServiceRevisions",
                "{\"serviceRevisionArns\":[\""
                    + made.currentServiceRevisions().getFirst().arn()
                    + "\"]}",
                DescribeServiceRevisionsResponse.class)
            .serviceRevisions()
            .getFirst();
    assertThat(revision.platformVersion()).isEqualTo("1.4.0");
    assertThat(revision.platformFamily()).isEqualTo("Linux");
    assertThat(listed(s, "FARGATE")).hasSize(1);
    assertThat(listed(s, "EC2")).isEmpty();
    s.tend();
    assertThat(s.live()).hasSize(2).allMatch(t -> t.launch().fargate());
  }

  private static List<String> listed(ServiceScene s, String type) {
    return s.f
        .call(
            "ListServices",
            "{\"cluster\":\"shop\",\"launchType\":\"" + type + "\"}",
            ListServicesResponse.class)
        .serviceArns();
  }

  @Test
  void nobodyElsesTaskPosesAsAServices() {
    var s = new ServiceScene();
    refuses(
        "Invalid namespace for group.",
        () -> Scenes.run(s.f, ",\"group\":\"service:web\"" + ServiceScene.PROD));
    refuses(
        "startedBy must not begin with ecs-svc/, which is for tasks of services",
        () -> Scenes.run(s.f, ",\"startedBy\":\"ecs-svc/1\"" + ServiceScene.PROD));
    var task =
        Scenes.task(
            Scenes.run(
                s.f, ",\"group\":\"services\",\"startedBy\":\"ecs-svc\"" + ServiceScene.PROD));
    assertThat(task.group()).isEqualTo("services");
    assertThat(s.live()).allMatch(t -> t.status().lastStatus() == TaskStatus.Last.PENDING);
  }
}
