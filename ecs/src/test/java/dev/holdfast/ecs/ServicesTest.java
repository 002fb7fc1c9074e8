// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.ecs.CreateServiceResponse;
import dev.holdfast.aws.ecs.DeleteClusterResponse;
import dev.holdfast.aws.ecs.DeleteServiceResponse;
import dev.holdfast.aws.ecs.DescribeClustersResponse;
import dev.holdfast.aws.ecs.DescribeServiceDeploymentsResponse;
import dev.holdfast.aws.ecs.DescribeServiceRevisionsResponse;
import dev.holdfast.aws.ecs.GetTaskProtectionResponse;
import dev.holdfast.aws.ecs.ListServiceDeploymentsResponse;
import dev.holdfast.aws.ecs.ListServicesResponse;
import dev.holdfast.aws.ecs.ListTagsForResourceResponse;
import dev.holdfast.aws.ecs.ListTasksResponse;
import dev.holdfast.aws.ecs.Service;
import dev.holdfast.aws.ecs.StopServiceDeploymentResponse;
import dev.holdfast.aws.ecs.StopTaskResponse;
import dev.holdfast.aws.ecs.Tag;
import dev.holdfast.aws.ecs.UpdateServiceResponse;
import dev.holdfast.aws.ecs.UpdateTaskProtectionResponse;
import dev.holdfast.ecs.control.Housekeeping;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskStatus;
import dev.holdfast.ecs.state.Tasks;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Finding;
import dev.holdfast.store.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class ServicesTest {
  private static final String PROD = ServiceScene.PROD;
  private static final String TWO = ",\"desiredCount\":2" + PROD;

  private static void refuses(String code, String text, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(ApiError.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(text);
  }

  private static ServiceScene steady(String more) {
    var s = new ServiceScene();
    var _ = s.create(more);
    s.tend();
    s.run();
    assertThat(s.events().getFirst()).isEqualTo("(service web) has reached a steady state.");
    return s;
  }

  private static <V> List<V> rows(ServiceScene s, Table<?, V> table) {
    return s.f.state.read(view -> view.all(table));
  }

  private static List<Finding> check(ServiceScene s) {
    var found = new ArrayList<Finding>();
    s.f.state.read(
        view -> {
          new EcsCheck().run(view, found::add);
          return found;
        });
    return found;
  }

  @Test
  void createsAServiceAndStartsItsTasks() {
    var s = new ServiceScene();
    Service made = s.create(TWO);
    assertThat(made.status()).isEqualTo("ACTIVE");
    assertThat(made.deployments()).hasSize(1);
    assertThat(made.deployments().getFirst().rolloutState()).isEqualTo("IN_PROGRESS");
    assertThat(made.createdBy()).isEqualTo("arn:aws:iam::123456789012:user/someone");

    s.tend();

    assertThat(s.live()).hasSize(2);
    Task task = s.live().getFirst();
    assertThat(task.launch().group()).isEqualTo("service:web");
    assertThat(task.launch().startedBy()).isEqualTo(made.deployments().getFirst().id());
    assertThat(task.environment()).isEqualTo(new Task.Environment("prod", "service"));
    assertThat(task.secrets().getFirst().parameter()).isEqualTo("/shop/prod/db-password");
    assertThat(s.describe().pendingCount()).isEqualTo(2);
    assertThat(s.events().getFirst()).startsWith("(service web) has started 2 tasks: (task ");
    assertThat(check(s)).isEmpty();
  }

  @Test
  void demandsTheServiceItsRolesAndItsTags() {
    var s = new ServiceScene();
    var _ = s.create(TWO);
    assertThat(s.f.demands.stream().map(Demand::action))
        .containsExactlyInAnyOrder("ecs:CreateService", "iam:PassRole", "ecs:TagResource");
    assertThat(s.f.demands.getFirst().resource())
        .isEqualTo("arn:aws:ecs:eu-test-1:123456789012:service/shop/web");
    assertThat(s.f.demands.getFirst().keys())
        .containsEntry(
            "ecs:task-definition",
            List.of("arn:aws:ecs:eu-test-1:123456789012:task-definition/web:1"));
  }

  @Test
  void reachesASteadyStateAndSaysSo() {
    var s = steady(TWO);
    Service service = s.describe();
    assertThat(service.runningCount()).isEqualTo(2);
    assertThat(service.deployments()).hasSize(1);
    assertThat(service.deployments().getFirst().rolloutState()).isEqualTo("COMPLETED");
    assertThat(s.events().get(1)).endsWith("deployment completed.");
    assertThat(s.f.ecs.serviceReport().notes()).isEmpty();
    int events = s.events().size();
    s.pass(Duration.ofMinutes(1));
    assertThat(s.events()).hasSize(events);
  }

  @Test
  void replacesATaskThatDies() {
    var s = steady(TWO);
    Task dead = s.live().getFirst();
    s.report(dead, TaskStatus.Last.STOPPED, null, 137);
    s.tend();
    assertThat(s.live()).hasSize(2).noneMatch(t -> t.key().equals(dead.key()));
  }

  @Test
  void replacesATaskThatAUserStops() {
    var s = steady(",\"desiredCount\":1" + PROD);
    Task task = s.live().getFirst();
    var _ =
        s.f.call(
            "StopTask",
            "{\"cluster\":\"shop\",\"task\":\"" + task.key().id() + "\"}",
            StopTaskResponse.class);
    s.run();
    assertThat(s.live()).hasSize(1);
    assertThat(s.live().getFirst().key()).isNotEqualTo(task.key());
    assertThat(s.describe().deployments().getFirst().failedTasks()).isZero();
  }

  @Test
  void rollsToANewRevisionWithoutFewerThanWanted() {
    var s = steady(TWO);
    String old = s.describe().deployments().getFirst().id();
    var _ = Scenes.register(s.f, Scenes.WEB);

    Service updated = s.update(",\"taskDefinition\":\"web\"");
    assertThat(updated.deployments()).hasSize(2);
    assertThat(updated.deployments().getFirst().status()).isEqualTo("PRIMARY");
    assertThat(updated.deployments().get(1).status()).isEqualTo("ACTIVE");
    assertThat(updated.taskDefinition()).endsWith("web:2");
    s.tend();
    assertThat(s.live()).hasSize(4);

    s.run();
    Service service = s.describe();
    assertThat(service.deployments()).hasSize(1);
    assertThat(service.deployments().getFirst().id()).isNotEqualTo(old);
    assertThat(s.live()).hasSize(2).allMatch(t -> t.launch().definition().revision() == 2);
    Task stopped =
        rows(s, EcsTables.TASKS).stream().filter(t -> !t.live()).findFirst().orElseThrow();
    assertThat(stopped.status().stopCode()).isEqualTo("ServiceSchedulerInitiated");
    assertThat(stopped.status().stoppedReason())
        .isEqualTo(
            "Scaling activity initiated by (deployment "
                + service.deployments().getFirst().id()
                + ")");
    assertThat(check(s)).isEmpty();
  }

  @Test
  void theSameDefinitionAgainIsNoDeploymentUnlessForced() {
    var s = steady(TWO);
    assertThat(s.update(",\"taskDefinition\":\"web:1\"").deployments()).hasSize(1);
    assertThat(s.update(",\"forceNewDeployment\":true").deployments()).hasSize(2);
    assertThat(s.f.demands.stream().map(Demand::action)).containsExactly("ecs:UpdateService");
  }

  @Test
  void aDeploymentKeepsTheDigestThatATagMeantWhenItBegan() {
    var s = steady(TWO);
    s.f.tags.put("shop/web:1", Fixture.OTHER_DIGEST);
    s.report(s.live().getFirst(), TaskStatus.Last.STOPPED, null, 137);
    s.run();
    assertThat(s.live())
        .hasSize(2)
        .allMatch(t -> Fixture.DIGEST.equals(t.containers().getFirst().imageDigest()));
    refuses(
        "InvalidParameterException",
        "image-unchanged",
        () -> s.update(",\"forceNewDeployment\":true"));
  }

  private static void fail(ServiceScene s, int revision) {
    for (int i = 0; i < 12; i++) {
      for (Task task : s.live()) {
        if (task.launch().definition().revision() == revision) {
          s.report(task, TaskStatus.Last.STOPPED, null, 1);
        }
      }
      s.pass(Duration.ofSeconds(30));
    }
  }

  @Test
  void theBreakerRollsBack() {
    var s =
        steady(
            ",\"deploymentConfiguration\":{\"deploymentCircuitBreaker\":{\"enable\":true,\"rollback\":true}}"
                + TWO);
    String good = String.valueOf(s.describe().deployments().getFirst().id());
    var _ = Scenes.register(s.f, Scenes.WEB);
    var _ = s.update(",\"taskDefinition\":\"web:2\"");
    s.tend();
    fail(s, 2);
    s.run();

    Service service = s.describe();
    assertThat(service.taskDefinition()).endsWith("web:1");
    assertThat(service.deployments()).hasSize(1);
    assertThat(service.deployments().getFirst().id()).isEqualTo(good);
    assertThat(service.deployments().getFirst().rolloutState()).isEqualTo("COMPLETED");
    assertThat(s.events())
        .anyMatch(e -> e.endsWith("deployment failed: tasks failed to start."))
        .contains("(service web) rolling back to deployment " + good + ".");
    var listed =
        s.f
            .call(
                "ListServiceDeployments",
                "{\"cluster\":\"shop\",\"service\":\"web\"}",
                ListServiceDeploymentsResponse.class)
            .serviceDeployments();
    assertThat(listed).hasSize(2);
    assertThat(listed.getFirst().status()).isEqualTo("ROLLBACK_SUCCESSFUL");
    var described =
        s.f
            .call(
                "DescribeServiceDeployments",
                "{\"serviceDeploymentArns\":[\""
                    + listed.getFirst().serviceDeploymentArn()
                    + "\"]}",
                DescribeServiceDeploymentsResponse.class)
            .serviceDeployments()
            .getFirst();
    assertThat(Objects.requireNonNull(described.deploymentCircuitBreaker()).status())
        .isEqualTo("TRIGGERED");
    assertThat(Objects.requireNonNull(described.rollback()).serviceRevisionArn())
        .endsWith(good.substring(good.indexOf('/')));
    assertThat(check(s)).isEmpty();
  }

  @Test
  void aDeploymentIsRolledBackOnRequest() {
    var s = steady(TWO);
    var _ = Scenes.register(s.f, Scenes.WEB);
    String arn = s.update(",\"taskDefinition\":\"web:2\"").currentServiceDeployment();
    s.tend();
    var _ =
        s.f.call(
            "StopServiceDeployment",
            "{\"serviceDeploymentArn\":\"" + arn + "\"}",
            StopServiceDeploymentResponse.class);
    s.run();
    assertThat(s.describe().taskDefinition()).endsWith("web:1");
    refuses(
        "ConflictException",
        "ROLLBACK_SUCCESSFUL",
        () ->
            s.f.call(
                "StopServiceDeployment",
                "{\"serviceDeploymentArn\":\"" + arn + "\"}",
                StopServiceDeploymentResponse.class));
  }

  @Test
  void aCrashLoopBacksOff() {
    var s = new ServiceScene();
    var _ = s.create(",\"desiredCount\":1" + PROD);
    s.tend();
    fail(s, 1);
    assertThat(s.events())
        .contains("(service web) is unable to consistently start tasks successfully.");
    assertThat(s.describe().deployments().getFirst().failedTasks()).isLessThan(10);
    assertThat(s.f.ecs.serviceReport().notes().getFirst())
        .contains("shop/web: 0 of 1 running")
        .contains("unable to consistently start");
  }

  @Test
  void anUnhealthyTaskIsReplaced() {
    var s = steady(",\"desiredCount\":1" + PROD);
    Task sick = s.live().getFirst();
    s.report(sick, TaskStatus.Last.RUNNING, "UNHEALTHY", null);
    s.tend();
    assertThat(s.live()).hasSize(2);
    Task next =
        s.live().stream().filter(t -> !t.key().equals(sick.key())).findFirst().orElseThrow();
    s.report(next, TaskStatus.Last.RUNNING, "HEALTHY", null);
    s.tend();
    assertThat(s.live().stream().filter(Task::wanted)).hasSize(1);
    assertThat(s.events())
        .contains("(service web) (task " + sick.key().id() + ") failed container health checks.");
  }

  @Test
  void scalesAndForgetsNothingAfterARestart() {
    var s = steady(TWO);
    var _ = s.update(",\"desiredCount\":3");
    s.restart();
    s.tend();
    assertThat(s.live()).hasSize(3);
    var _ = s.update(",\"desiredCount\":1");
    s.restart();
    s.run();
    assertThat(s.live()).hasSize(1);
    assertThat(s.describe().deployments()).hasSize(1);
  }

  @Test
  void saysThatNoHostTakesATask() {
    var s = new ServiceScene();
    var _ = s.create(",\"desiredCount\":40" + PROD);
    for (int i = 0; i < 10; i++) {
      s.pass(Duration.ofSeconds(10));
    }
    assertThat(s.live()).hasSize(32);
    assertThat(s.events().stream().filter(e -> e.contains("was unable to place a task")))
        .hasSize(1);
    assertThat(s.events().getFirst()).contains("has insufficient memory available.");
  }

  @Test
  void aDaemonRunsOnTheInstanceOfTheCluster() {
    var s = new ServiceScene();
    var _ = s.create(",\"schedulingStrategy\":\"DAEMON\"" + PROD);
    s.tend();
    s.run();
    assertThat(s.live()).hasSize(1);
    assertThat(s.describe().desiredCount()).isEqualTo(1);
    assertThat(s.describe().schedulingStrategy()).isEqualTo("DAEMON");
    assertThat(s.describe().deployments().getFirst().rolloutState()).isEqualTo("COMPLETED");
  }

  @Test
  void drainsAndEnds() {
    var s = steady(TWO);
    String delete = "{\"cluster\":\"shop\",\"service\":\"web\"";
    refuses(
        "InvalidParameterException",
        "scaled above 0",
        () -> s.f.call("DeleteService", delete + "}", DeleteServiceResponse.class));
    refuses(
        "ClusterContainsServicesException",
        "while Services are active",
        () -> s.f.call("DeleteCluster", "{\"cluster\":\"shop\"}", DeleteClusterResponse.class));
    Service deleted =
        s.f
            .call("DeleteService", delete + ",\"force\":true}", DeleteServiceResponse.class)
            .service();
    assertThat(Objects.requireNonNull(deleted).status()).isEqualTo("DRAINING");
    refuses("InvalidParameterException", "still Draining", () -> s.create(TWO));
    refuses(
        "ServiceNotActiveException",
        "Service was not ACTIVE.",
        () -> s.update(",\"desiredCount\":1"));
    s.tend();
    s.run();
    assertThat(s.describe().status()).isEqualTo("INACTIVE");
    assertThat(s.live()).isEmpty();
    assertThat(
            s.f
                .call(
                    "DescribeClusters", "{\"clusters\":[\"shop\"]}", DescribeClustersResponse.class)
                .clusters()
                .getFirst()
                .activeServicesCount())
        .isZero();
    assertThat(s.create(TWO).status()).isEqualTo("ACTIVE");
    assertThat(check(s)).isEmpty();
  }

  @Test
  void anEndedServiceIsForgottenAfterAnHour() {
    var s = steady(TWO);
    var _ =
        s.f.call(
            "DeleteService",
            "{\"cluster\":\"shop\",\"service\":\"web\",\"force\":true}",
            DeleteServiceResponse.class);
    s.tend();
    s.run();
    s.f.now = s.f.now.plus(Duration.ofMinutes(61));
    new Housekeeping(s.f.state, new Tasks(s.f.fakeRoles)).sweep(s.f.now);
    assertThat(rows(s, EcsTables.SERVICES)).isEmpty();
    assertThat(rows(s, EcsTables.SERVICE_EVENTS)).isEmpty();
    assertThat(rows(s, EcsTables.SERVICE_REVISIONS)).isEmpty();
    assertThat(check(s)).isEmpty();
  }

  @Test
  void tokensAndNamesAreUsedOnce() {
    var s = new ServiceScene();
    var _ = s.create(TWO + ",\"clientToken\":\"t1\"");
    assertThat(s.create(TWO + ",\"clientToken\":\"t1\"").serviceName()).isEqualTo("web");
    refuses("InvalidParameterException", "was not idempotent", () -> s.create(TWO));
    refuses(
        "InvalidParameterException",
        "was not idempotent",
        () -> s.create(",\"desiredCount\":3,\"clientToken\":\"t1\"" + PROD));
  }

  /** With another's token nobody takes its place beforehand, nor is told what it made. */
  @Test
  void aTokenIsItsCallersOwn() {
    var s = new ServiceScene();
    var other = Fixture.principal(Fixture.user().account(), "AIDAOTHER", "AKIAOTHER");
    String token = ",\"clientToken\":\"t1\"";
    String mine = s.create(TWO + token).serviceArn();
    // The name is taken: for the other this is a second service, and not its own again.
    refuses("InvalidParameterException", "was not idempotent", () -> s.create(other, TWO + token));
    refuses(
        "InvalidParameterException",
        "was not idempotent",
        () -> s.create(other, ",\"desiredCount\":3" + token + PROD));
    String own = ",\"serviceName\":\"own\",\"taskDefinition\":\"web\"" + TWO + token;
    var theirs =
        s.f.call(
            other,
            "CreateService",
            "{\"cluster\":\"shop\"" + own + "}",
            dev.holdfast.aws.ecs.CreateServiceResponse.class);
    assertThat(theirs.service()).isNotNull();
    assertThat(s.create(TWO + token).serviceArn()).isEqualTo(mine);
  }

  @Test
  void refusesByNameWhatIsNotServed() {
    var s = new ServiceScene();
    for (String member :
        List.of(
            "\"loadBalancers\":[{\"containerName\":\"app\",\"containerPort\":80}]",
            "\"serviceRegistries\":[{\"registryArn\":\"a\"}]",
            "\"serviceConnectConfiguration\":{\"enabled\":true}",
            "\"vpcLatticeConfigurations\":[{\"roleArn\":\"a\",\"targetGroupArn\":\"b\",\"portName\":\"c\"}]",
            "\"deploymentController\":{\"type\":\"EXTERNAL\"}",
            "\"deploymentController\":{\"type\":\"CODE_DEPLOY\"}",
            "\"deploymentConfiguration\":{\"strategy\":\"BLUE_GREEN\"}",
            "\"deploymentConfiguration\":{\"strategy\":\"LINEAR\"}",
            "\"deploymentConfiguration\":{\"strategy\":\"CANARY\"}")) {
      refuses(
          "InvalidParameterException", "is not served here", () -> s.create("," + member + TWO));
    }
    refuses(
        "InvalidParameterException",
        "cannot be 100",
        () ->
            s.create(
                ",\"deploymentConfiguration\":{\"maximumPercent\":100,\"minimumHealthyPercent\":100}"
                    + TWO));
  }

  @Test
  void refusesWhatCouldNotRun() {
    var s = new ServiceScene();
    refuses(
        "InvalidParameterException",
        "container app, variable DB",
        () -> s.create(",\"desiredCount\":1"));
    refuses(
        "ClientException",
        "TaskDefinition not found.",
        () ->
            s.f.call(
                "CreateService",
                "{\"cluster\":\"shop\",\"serviceName\":\"web\",\"taskDefinition\":\"none\",\"desiredCount\":1}",
                CreateServiceResponse.class));
    refuses(
        "AccessDeniedException",
        "environment-leak",
        () ->
            s.f.call(
                Fixture.userOf("dev"),
                "CreateService",
                "{\"cluster\":\"shop\",\"serviceName\":\"web\",\"taskDefinition\":\"web\""
                    + TWO
                    + "}",
                CreateServiceResponse.class));
    assertThat(rows(s, EcsTables.SERVICES)).isEmpty();
  }

  @Test
  void aRoleThatIsGoneIsToldAndTriedAgain() {
    var s = new ServiceScene();
    var _ = s.create(TWO);
    s.f.roles.clear();
    s.tend();
    assertThat(s.live()).isEmpty();
    assertThat(s.events().getLast())
        .startsWith("(service web) failed to launch a task with (error ECS was unable to assume");
    s.f.role(Fixture.ROLE, java.util.Map.of());
    for (int i = 0; i < 10; i++) {
      s.pass(Duration.ofMinutes(1));
    }
    assertThat(s.live()).hasSize(2);
  }

  @Test
  void retaggingTakesEffectWithTheNextDeployment() {
    var s = steady(TWO);
    var _ =
        s.f.call(
            "TagResource",
            "{\"resourceArn\":\"arn:aws:ecs:eu-test-1:123456789012:service/shop/web\",\"tags\":[{\"key\":\"environment\",\"value\":\"dev\"}]}",
            dev.holdfast.aws.ecs.TagResourceResponse.class);
    s.report(s.live().getFirst(), TaskStatus.Last.STOPPED, null, 1);
    s.run();
    assertThat(s.live()).allMatch(t -> "prod".equals(t.environment().name()));
    var _ = s.update(",\"forceNewDeployment\":true");
    s.tend();
    s.run();
    assertThat(s.live()).allMatch(t -> "dev".equals(t.environment().name()));
  }

  @Test
  void tagsItsTasks() {
    var s = new ServiceScene();
    var _ = s.create(",\"enableECSManagedTags\":true,\"propagateTags\":\"SERVICE\"" + TWO);
    s.tend();
    var tags =
        s.f
            .call(
                "ListTagsForResource",
                "{\"resourceArn\":\"" + s.live().getFirst().key().arn() + "\"}",
                ListTagsForResourceResponse.class)
            .tags();
    assertThat(tags.stream().map(Tag::key))
        .containsExactlyInAnyOrder("environment", "aws:ecs:clusterName", "aws:ecs:serviceName");
    assertThat(s.describe().tags()).hasSize(1);
  }

  @Test
  void listsServicesAndTheirTasks() {
    var s = steady(TWO);
    assertThat(
            s.f
                .call("ListServices", "{\"cluster\":\"shop\"}", ListServicesResponse.class)
                .serviceArns())
        .containsExactly("arn:aws:ecs:eu-test-1:123456789012:service/shop/web");
    assertThat(
            s.f
                .call(
                    "ListServices",
                    "{\"cluster\":\"shop\",\"schedulingStrategy\":\"DAEMON\"}",
                    ListServicesResponse.class)
                .serviceArns())
        .isEmpty();
    assertThat(
            s.f
                .call(
                    "ListTasks",
                    "{\"cluster\":\"shop\",\"serviceName\":\"web\"}",
                    ListTasksResponse.class)
                .taskArns())
        .hasSize(2);
    refuses(
        "ServiceNotFoundException",
        "Service not found.",
        () ->
            s.f.call(
                "ListTasks",
                "{\"cluster\":\"shop\",\"serviceName\":\"gone\"}",
                ListTasksResponse.class));
    refuses(
        "ServiceNotFoundException",
        "Service not found.",
        () ->
            s.f.call(
                "UpdateService",
                "{\"cluster\":\"shop\",\"service\":\"gone\"}",
                UpdateServiceResponse.class));
    var revision = s.describe().currentServiceRevisions().getFirst();
    assertThat(
            s.f
                .call(
                    "DescribeServiceRevisions",
                    "{\"serviceRevisionArns\":[\"" + revision.arn() + "\"]}",
                    DescribeServiceRevisionsResponse.class)
                .serviceRevisions()
                .getFirst()
                .containerImages()
                .getFirst()
                .imageDigest())
        .isEqualTo(Fixture.DIGEST);
  }

  @Test
  void aProtectedTaskOutlivesADeployment() {
    var s = steady(",\"desiredCount\":1" + PROD);
    Task task = s.live().getFirst();
    String named = "{\"cluster\":\"shop\",\"tasks\":[\"" + task.key().id() + "\"]";
    var guarded =
        s.f
            .call(
                "UpdateTaskProtection",
                named + ",\"protectionEnabled\":true,\"expiresInMinutes\":60}",
                UpdateTaskProtectionResponse.class)
            .protectedTasks()
            .getFirst();
    assertThat(guarded.protectionEnabled()).isTrue();
    assertThat(guarded.expirationDate()).isEqualTo(s.f.now.plus(Duration.ofHours(1)));
    var _ = s.update(",\"forceNewDeployment\":true");
    s.tend();
    s.run();
    assertThat(s.live()).hasSize(2).anyMatch(t -> t.key().equals(task.key()));
    s.pass(Duration.ofMinutes(61));
    s.run();
    assertThat(s.live()).hasSize(1).noneMatch(t -> t.key().equals(task.key()));

    var alone = Scenes.task(Scenes.run(s.f, PROD));
    var answer =
        s.f.call(
            "GetTaskProtection",
            "{\"cluster\":\"shop\",\"tasks\":[\"" + alone.taskArn() + "\"]}",
            GetTaskProtectionResponse.class);
    assertThat(answer.failures().getFirst().reason()).isEqualTo("TASK_NOT_VALID");
  }

  private static final String ROLLING =
      ",\"desiredCount\":2,\"tags\":[{\"key\":\"environment\",\"value\":\"prod\"},"
          + "{\"key\":\"holdfast:secrets\",\"value\":\"roll\"}]";

  private static void turn(ServiceScene s) {
    for (int i = 0; i < 6; i++) {
      s.pass(Duration.ofSeconds(3));
    }
    s.run();
  }

  private static List<Long> versions(ServiceScene s) {
    return s.live().stream().map(t -> t.secrets().getFirst().version()).distinct().toList();
  }

  @Test
  void aChangedSecretRollsTheServiceThatAsksForIt() {
    var s = steady(ROLLING);
    int before = s.describe().events().size();
    for (long version = 8; version < 11; version++) {
      s.f.parameter("/shop/prod/db-password", version, "prod");
      s.pass(Duration.ofSeconds(1));
    }
    turn(s);
    assertThat(versions(s)).containsExactly(10L);
    assertThat(s.events().subList(0, s.events().size() - before))
        .filteredOn(e -> e.contains("is rolled"))
        .containsExactly(
            "(service web) is rolled, since secrets that it uses have changed:"
                + " /shop/prod/db-password version 10.");
    assertThat(check(s)).isEmpty();
  }

  @Test
  void aChangedSecretReachesNoTaskOfARevisionThatIsSettled() {
    var s = steady(ROLLING);
    s.f.parameter("/shop/prod/db-password", 8, "prod");
    s.report(s.live().getFirst(), TaskStatus.Last.STOPPED, null, 137);
    s.tend();
    assertThat(versions(s)).containsExactly(7L);
  }

  @Test
  void aChangedSecretRollsNoServiceThatDoesNotAsk() {
    var s = steady(TWO);
    s.f.parameter("/shop/prod/db-password", 8, "prod");
    turn(s);
    assertThat(versions(s)).containsExactly(7L);
  }

  @Test
  void aBadSecretIsRolledBackAndNotTriedAgain() {
    var s =
        steady(
            ",\"deploymentConfiguration\":{\"deploymentCircuitBreaker\":{\"enable\":true,\"rollback\":true}}"
                + ROLLING);
    s.f.parameter("/shop/prod/db-password", 8, "prod");
    for (int i = 0; i < 20; i++) {
      for (Task task : s.live()) {
        if (task.wanted() && task.secrets().getFirst().version() == 8) {
          s.report(task, TaskStatus.Last.STOPPED, null, 1);
        }
      }
      s.pass(Duration.ofSeconds(30));
    }
    s.run();
    turn(s);
    assertThat(versions(s)).containsExactly(7L);
    assertThat(s.events()).filteredOn(e -> e.contains("is rolled,")).hasSize(1);
    assertThat(s.events()).anyMatch(e -> e.contains("rolling back to deployment"));
    s.f.parameter("/shop/prod/db-password", 9, "prod");
    turn(s);
    assertThat(versions(s)).containsExactly(9L);
  }
}
