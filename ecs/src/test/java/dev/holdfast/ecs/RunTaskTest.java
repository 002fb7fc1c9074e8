// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.ecs.DescribeContainerInstancesResponse;
import dev.holdfast.aws.ecs.DescribeTasksResponse;
import dev.holdfast.aws.ecs.ListContainerInstancesResponse;
import dev.holdfast.aws.ecs.ListTasksResponse;
import dev.holdfast.aws.ecs.RunTaskResponse;
import dev.holdfast.aws.ecs.StopTaskResponse;
import dev.holdfast.aws.ecs.Task;
import dev.holdfast.ecs.model.FoundSecret;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Guardrail;
import dev.holdfast.service.GuardrailException;
import dev.holdfast.service.Profile;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class RunTaskTest {
  private static final String PROD = ",\"tags\":[{\"key\":\"environment\",\"value\":\"prod\"}]";
  private static final String DEV = ",\"tags\":[{\"key\":\"environment\",\"value\":\"dev\"}]";

  private static Fixture connected() {
    return connected(Profile.STANDARD);
  }

  private static Fixture connected(Profile profile) {
    var f = new Fixture(profile);
    f.connect();
    return f;
  }

  private static void refuses(String code, String text, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(ApiError.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(text);
  }

  @Test
  void placesATaskOnTheLocalHostAndBooksIt() {
    var f = connected();
    Scenes.shop(f);

    Task task = Scenes.task(Scenes.run(f, PROD));

    assertThat(task.lastStatus()).isEqualTo("PENDING");
    assertThat(task.group()).isEqualTo("family:web");
    assertThat(task.taskArn()).startsWith("arn:aws:ecs:eu-test-1:123456789012:task/shop/");
    assertThat(task.containers().getFirst().imageDigest()).isEqualTo(Fixture.DIGEST);
    var instances =
        f.call(
            "ListContainerInstances",
            "{\"cluster\":\"shop\"}",
            ListContainerInstancesResponse.class);
    assertThat(instances.containerInstanceArns()).containsExactly(task.containerInstanceArn());
    var described =
        f.call(
                "DescribeContainerInstances",
                "{\"cluster\":\"shop\",\"containerInstances\":[\""
                    + task.containerInstanceArn()
                    + "\"]}",
                DescribeContainerInstancesResponse.class)
            .containerInstances()
            .getFirst();
    assertThat(described.agentConnected()).isTrue();
    assertThat(described.remainingResources())
        .anySatisfy(
            r -> {
              assertThat(r.name()).isEqualTo("MEMORY");
              assertThat(r.integerValue()).isEqualTo(4096 - 128);
            });
  }

  @Test
  void choosesTheSecretOfTheTasksEnvironment() {
    var f = connected();
    Scenes.shop(f);

    Task prod = Scenes.task(Scenes.run(f, PROD));
    Task dev = Scenes.task(Scenes.run(f, DEV));

    assertThat(explain(f, prod)).contains("/shop/prod/db-password version 7");
    assertThat(explain(f, dev))
        .contains("/shop/dev/db-password version 3")
        .contains("dev, from the tag of the task");
  }

  private static String explain(Fixture f, Task task) {
    return f.ecs
        .explain(Arn.parse(String.valueOf(task.taskArn())).orElseThrow())
        .orElseThrow()
        .text();
  }

  @Test
  void takesTheEnvironmentOfDefinitionThenOfCluster() {
    var f = connected();
    Scenes.shop(f);
    var _ =
        f.call(
            "TagResource",
            "{\"resourceArn\":\"arn:aws:ecs:eu-test-1:123456789012:cluster/shop\",\"tags\":[{\"key\":\"environment\",\"value\":\"dev\"}]}",
            dev.holdfast.aws.ecs.TagResourceResponse.class);
    assertThat(explain(f, Scenes.task(Scenes.run(f, ""))))
        .contains("dev, from the tag of the cluster");
    var _ =
        f.call(
            "TagResource",
            "{\"resourceArn\":\"arn:aws:ecs:eu-test-1:123456789012:task-definition/web:1\",\"tags\":[{\"key\":\"environment\",\"value\":\"prod\"}]}",
            dev.holdfast.aws.ecs.TagResourceResponse.class);
    assertThat(explain(f, Scenes.task(Scenes.run(f, ""))))
        .contains("prod, from the tag of the task definition");
  }

  @Test
  void refusesAPatternThatMatchesNoneOrSeveralAndListsThem() {
    var f = connected();
    Scenes.shop(f);

    refuses(
        "InvalidParameterException",
        "/shop/prod/db-password",
        () -> Scenes.run(f, ",\"tags\":[{\"key\":\"environment\",\"value\":\"stage\"}]"));
    f.parameter("/shop/prod2/db-password", 1, "prod");
    refuses(
        "InvalidParameterException",
        "/shop/prod/db-password, /shop/prod2/db-password",
        () -> Scenes.run(f, PROD));
  }

  @Test
  void refusesATaskOfOneEnvironmentThatNamesASecretOfAnother() {
    String outright = Scenes.WEB.replace("/shop/*/db-password", "/shop/prod/db-password");
    var f = connected();
    Scenes.shop(f);
    Scenes.register(f, outright);
    refuses("AccessDeniedException", "environment-leak", () -> Scenes.run(f, DEV));
    assertThat(Scenes.task(Scenes.run(f, PROD)).lastStatus()).isEqualTo("PENDING");

    var taught = connected(Profile.DEV);
    Scenes.shop(taught);
    Scenes.register(taught, outright);
    assertThat(explain(taught, Scenes.task(Scenes.run(taught, DEV))))
        .contains("teach environment-leak");
  }

  @Test
  void refusesACallerOfOneEnvironmentATaskOfAnother() {
    var f = connected();
    Scenes.shop(f);
    Scenes.register(f, Scenes.WEB.replaceFirst("\\{", "{" + PROD.substring(1) + ","));

    refuses("AccessDeniedException", "belongs to dev", () -> runAs(f, "dev", ""));
    assertThat(f.ecs.liveTasks()).isEmpty();
    assertThat(explain(f, Scenes.task(runAs(f, "prod", "")))).contains("/shop/prod/db-password");
  }

  private static final String SECRET =
      "arn:aws:secretsmanager:eu-test-1:123456789012:secret:shop/db-AbCdEf";

  private static Fixture withSecret(String environment) {
    var f = connected();
    Scenes.cluster(f);
    f.secrets.put(
        SECRET + "|null|null", new FoundSecret(SECRET, "shop/db", "version-1", environment));
    Scenes.register(f, Scenes.WEB.replace("/shop/*/db-password", SECRET + ":password::"));
    return f;
  }

  @Test
  void aSecretIsTheVersionThatIsMeantNowAndTheRoleMayReadItAlone() {
    var f = withSecret("prod");
    Task task = Scenes.task(Scenes.run(f, PROD));
    assertThat(
            f.ecs
                .explain(Arn.parse(String.valueOf(task.taskArn())).orElseThrow())
                .orElseThrow()
                .text())
        .contains("DB: " + SECRET + ":password:: is " + SECRET + " version version-1");
  }

  @Test
  void aSecretOfAnotherEnvironmentIsRefused() {
    var f = withSecret("prod");
    refuses("AccessDeniedException", "may not read the secret shop/db", () -> Scenes.run(f, DEV));
  }

  private static void except(Fixture f, String resource) {
    Instant now = f.now;
    f.deps
        .guardrails()
        .exceptions()
        .orElseThrow()
        .add(
            f.call(Fixture.principal(Fixture.ACCOUNT, "AIDAOPERATOR", "AKIAOPERATOR"), "Lower"),
            new GuardrailException(
                "e" + resource.length(),
                Fixture.ACCOUNT,
                Guardrail.ENVIRONMENT_LEAK.id(),
                resource,
                null,
                now,
                now.plusSeconds(60),
                "trial"));
  }

  /** What a task is refused for is what an exception is made for, and nothing else of the call. */
  @Test
  void anExceptionForASecretIsForThatSecret() {
    var f = withSecret("prod");
    except(f, "arn:aws:ecs:*");
    except(f, "*:secret:shop/other*");
    refuses("AccessDeniedException", "environment-leak", () -> Scenes.run(f, DEV));
    except(f, SECRET);
    assertThat(Scenes.task(Scenes.run(f, DEV)).lastStatus()).isEqualTo("PENDING");
    Scenes.register(f, Scenes.WEB.replace("/shop/*/db-password", "/shop/prod/db-password"));
    f.parameter("/shop/prod/db-password", 7, "prod");
    refuses("AccessDeniedException", "environment-leak", () -> Scenes.run(f, DEV));
    except(f, "arn:aws:ssm:eu-test-1:123456789012:parameter/shop/prod/*");
    assertThat(Scenes.task(Scenes.run(f, DEV)).lastStatus()).isEqualTo("PENDING");
  }

  @Test
  void aSecretThatIsNotThereIsAskedForAsWritten() {
    var f = withSecret("prod");
    f.secrets.clear();
    Task task = Scenes.task(Scenes.run(f, PROD));
    assertThat(
            f.ecs
                .explain(Arn.parse(String.valueOf(task.taskArn())).orElseThrow())
                .orElseThrow()
                .text())
        .contains("(asked for as written)");
  }

  private static RunTaskResponse runAs(Fixture f, String environment, String more) {
    return Scenes.run(f, Fixture.userOf(environment), more);
  }

  @Test
  void runsNoRevisionThatNobodyWasAskedAbout() {
    var f = connected();
    Scenes.shop(f);
    Scenes.register(f, Scenes.WEB);
    f.between = () -> Scenes.register(f, Scenes.WEB);
    refuses("ClientException", "got a new revision", () -> Scenes.run(f, PROD));
    assertThat(f.ecs.liveTasks()).isEmpty();
  }

  @Test
  void tellsNothingOfTheImagesOfAnotherAccount() {
    var f = connected();
    Scenes.shop(f);
    refuses(
        "InvalidParameterException",
        "does not exist",
        () -> Scenes.register(f, Scenes.WEB.replace("/shop/web:1", "/210987654321/shop/web:1")));
  }

  @Test
  void refusesARoleOfAnotherEnvironmentBeforeAnythingStarts() {
    var f = connected();
    Scenes.shop(f);
    f.role(Fixture.ROLE, Map.of("environment", "prod"));

    refuses(
        "InvalidParameterException", "belongs to the environment prod", () -> Scenes.run(f, DEV));
    assertThat(f.ecs.liveTasks()).isEmpty();
  }

  @Test
  void refusesATagThatMovedSinceTheDefinitionWasRegistered() {
    var f = connected();
    Scenes.shop(f);
    f.tags.put("shop/web:1", Fixture.OTHER_DIGEST);

    refuses("InvalidParameterException", Fixture.DIGEST, () -> Scenes.run(f, PROD));
    refuses("InvalidParameterException", Fixture.OTHER_DIGEST, () -> Scenes.run(f, PROD));
    Scenes.register(f, Scenes.WEB);
    assertThat(Scenes.task(Scenes.run(f, PROD)).containers().getFirst().imageDigest())
        .isEqualTo(Fixture.OTHER_DIGEST);
  }

  @Test
  void pinsInDevWhatATagMeansAtTheFirstRun() {
    var f = connected(Profile.DEV);
    f.tags.clear();
    Scenes.shop(f);
    refuses("InvalidParameterException", "does not exist", () -> Scenes.run(f, PROD));
    f.tags.put("shop/web:1", Fixture.DIGEST);
    Scenes.run(f, PROD);
    f.tags.put("shop/web:1", Fixture.OTHER_DIGEST);

    assertThat(explain(f, Scenes.task(Scenes.run(f, PROD)))).contains("teach image-unchanged");
  }

  @Test
  void answersATokenThatWasUsedWithTheSameTasks() {
    var f = connected();
    Scenes.shop(f);
    String arn = Scenes.task(Scenes.run(f, PROD + ",\"clientToken\":\"t\"")).taskArn();

    assertThat(Scenes.task(Scenes.run(f, PROD + ",\"clientToken\":\"t\"")).taskArn())
        .isEqualTo(arn);
    refuses(
        "ConflictException", "client token", () -> Scenes.run(f, DEV + ",\"clientToken\":\"t\""));
  }

  /** Another caller's token shows nothing of that caller's tasks, and cannot be taken first. */
  @Test
  void aTokenIsItsCallersOwn() {
    var f = connected();
    Scenes.shop(f);
    var other = Fixture.principal(Fixture.user().account(), "AIDAOTHER", "AKIAOTHER");
    String token = ",\"clientToken\":\"t\"";
    String mine = Scenes.task(Scenes.run(f, PROD + token)).taskArn();

    String theirs = Scenes.task(Scenes.run(f, other, PROD + token)).taskArn();
    assertThat(theirs).isNotEqualTo(mine);
    refuses("ConflictException", "client token", () -> Scenes.run(f, other, DEV + token));
    assertThat(Scenes.task(Scenes.run(f, other, PROD + token)).taskArn()).isEqualTo(theirs);
    assertThat(Scenes.task(Scenes.run(f, PROD + token)).taskArn()).isEqualTo(mine);
  }

  @Test
  void saysInFailuresWhyNothingFits() {
    var f = connected();
    Scenes.shop(f);
    String large =
        PROD + ",\"overrides\":{\"containerOverrides\":[{\"name\":\"app\",\"memory\":9000}]}";

    RunTaskResponse response = Scenes.run(f, large);

    assertThat(response.tasks()).isEmpty();
    assertThat(response.failures().getFirst().reason()).isEqualTo("RESOURCE:MEMORY");
    assertThat(response.failures().getFirst().detail()).contains("4096 in all");
  }

  @Test
  void failsWithAgentWhileTheLocalAgentIsAway() {
    var f = new Fixture();
    Scenes.shop(f);

    assertThat(Scenes.run(f, PROD).failures().getFirst().reason()).isEqualTo("AGENT");
  }

  @Test
  void stopsATaskThatNobodyWasToldOfAtOnceAndFreesItsPlace() {
    var f = connected();
    Scenes.shop(f);
    Task task = Scenes.task(Scenes.run(f, PROD));

    Task stopped =
        f.call(
                "StopTask",
                "{\"cluster\":\"shop\",\"task\":\"" + task.taskArn() + "\"}",
                StopTaskResponse.class)
            .task();

    assertThat(stopped)
        .extracting(Task::lastStatus, Task::stopCode, Task::stoppedReason)
        .containsExactly("STOPPED", "UserInitiated", "Task stopped by user");
    var list = f.call("ListTasks", "{\"cluster\":\"shop\"}", ListTasksResponse.class).taskArns();
    assertThat(list).isEmpty();
  }

  @Test
  void describesUnknownTasksAsMissing() {
    var f = connected();
    Scenes.cluster(f);

    var answer =
        f.call(
            "DescribeTasks",
            "{\"cluster\":\"shop\",\"tasks\":[\"0123456789abcdef0123456789abcdef\"]}",
            DescribeTasksResponse.class);

    assertThat(answer.failures().getFirst().reason()).isEqualTo("MISSING");
    refuses(
        "ClusterNotFoundException",
        "Cluster not found.",
        () -> f.call("DescribeTasks", "{\"tasks\":[\"x\"]}", DescribeTasksResponse.class));
  }

  @Test
  void demandsRunTaskPassRoleAndTagging() {
    var f = connected();
    Scenes.shop(f);
    Scenes.run(f, PROD);

    List<Demand> demands = List.copyOf(f.demands);
    assertThat(demands)
        .extracting(Demand::action)
        .containsExactly("ecs:RunTask", "ecs:TagResource", "iam:PassRole");
    assertThat(demands.get(0).resource())
        .isEqualTo("arn:aws:ecs:eu-test-1:123456789012:task-definition/web:1");
    assertThat(demands.get(1).keys()).containsEntry("ecs:CreateAction", List.of("RunTask"));
    assertThat(demands.get(2).keys())
        .containsEntry("iam:PassedToService", List.of("ecs-tasks.amazonaws.com"));
  }

  @Test
  void refusesForeignImagesByGuardrailAndOthersByName() {
    var f = connected();
    refuses(
        "InvalidParameterException",
        "image-trusted",
        () -> Scenes.register(f, Scenes.WEB.replace("127.0.0.1:4566/shop/web:1", "nginx:1")));
    refuses(
        "InvalidParameterException",
        "`containerDefinitions[].privileged` is not served",
        () ->
            Scenes.register(
                f, Scenes.WEB.replace("\"memory\":128", "\"memory\":128,\"privileged\":true")));
    refuses(
        "InvalidParameterException",
        "Task definition does not support launch_type FARGATE.",
        () -> {
          Scenes.shop(f);
          Scenes.run(
              f,
              ",\"launchType\":\"FARGATE\",\"tags\":[{\"key\":\"environment\",\"value\":\"dev\"}]");
        });
  }

  @Test
  void echoesADefinitionAsAwsDoes() {
    var f = connected();
    var definition = Scenes.register(f, Scenes.WEB);

    assertThat(definition.revision()).isEqualTo(1);
    assertThat(definition.status()).isEqualTo("ACTIVE");
    assertThat(definition.compatibilities()).containsExactly("EXTERNAL", "EC2");
    var container = definition.containerDefinitions().getFirst();
    assertThat(container.essential()).isTrue();
    assertThat(container.cpu()).isZero();
    assertThat(container.portMappings().getFirst().hostPort()).isZero();
    assertThat(container.portMappings().getFirst().protocol()).isEqualTo("tcp");
    assertThat(definition.registeredBy()).isEqualTo("arn:aws:iam::123456789012:user/someone");
  }
}
