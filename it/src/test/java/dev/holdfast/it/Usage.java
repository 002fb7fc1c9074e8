// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static dev.holdfast.it.Wreckable.named;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.Shape;
import dev.holdfast.aws.cloudtrail.CloudTrailModel;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.aws.secretsmanager.SecretsManagerModel;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** What people do with a server all day: each leaves nothing behind but its audit events. */
interface Usage {
  /**
   * Does it once.
   *
   * @param shared what is there all the time
   * @param number of no other use
   * @return how many calls it took
   */
  int use(Writing client, Life.Round shared, int number) throws IOException, InterruptedException;

  /** Kinds of use, in turn. */
  List<Usage> ALL =
      List.of(
          Usage::lives,
          Usage::signsIn,
          Usage::keepsSecrets,
          Usage::runsATask,
          Usage::looksAround,
          Usage::rotatesASecret,
          Usage::runsAService);

  /**
   * Those for a run of seconds. A service waits for agents, which by the clock of a soak are silent
   * after two seconds of ours: too little on a busy machine.
   */
  List<Usage> BRIEF = ALL.subList(0, ALL.size() - 1);

  /** Kinds whose last step removes what the others made. */
  Set<String> LIVES =
      Set.of(
          "policy",
          "access key",
          "String",
          "alias",
          "log group",
          "image",
          "task definition",
          "cluster");

  private static JsonObject json(String text, String... arguments) {
    return Json.parseObject(text.formatted((Object[]) arguments));
  }

  /** Everything that the crash test makes, to its end. */
  private static int lives(Writing client, Life.Round shared, int number)
      throws IOException, InterruptedException {
    client.signIn();
    int calls = 1;
    for (Wreckable kind : Wreckable.all()) {
      if (LIVES.contains(kind.name())) {
        var life = new Life(kind, "c0x" + number, shared, kind.steps().size());
        while (!life.done()) {
          life.acknowledge(life.next().action().take(client, life));
          calls++;
        }
      }
    }
    return calls;
  }

  private static int signsIn(Writing client, Life.Round shared, int number)
      throws IOException, InterruptedException {
    JsonObject user = named("UserName", "visitor-" + number);
    var _ = client.call(IamModel.CREATE_USER, user);
    JsonObject key = client.call(IamModel.CREATE_ACCESS_KEY, user).object("AccessKey");
    String keyId = Harbor.text(key, "AccessKeyId");
    var credentials = new Credentials(keyId, Harbor.text(key, "SecretAccessKey"), null);
    var wrong = new Credentials(keyId, "wrong", null);
    for (int i = 0; i < 5; i++) {
      require(client.admits(credentials));
    }
    require(!client.signs(wrong));
    var _ = client.call(IamModel.DELETE_ACCESS_KEY, user.with("AccessKeyId", keyId));
    require(!client.admits(credentials));
    var _ = client.call(IamModel.DELETE_USER, user);
    return 11;
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new AssertionError("a call was answered as it must not be");
    }
  }

  private static int keepsSecrets(Writing client, Life.Round shared, int number)
      throws IOException, InterruptedException {
    JsonObject name = named("Name", "/secret/" + number);
    var _ =
        client.call(
            SsmModel.PUT_PARAMETER, name.with("Type", "SecureString").with("Value", "v" + number));
    for (int i = 0; i < 8; i++) {
      var _ = client.call(SsmModel.GET_PARAMETER, name.with("WithDecryption", true));
    }
    require(client.find(SsmModel.GET_PARAMETER, named("Name", "/no/" + number)).isEmpty());
    var _ = client.call(SsmModel.DELETE_PARAMETER, name);
    return 11;
  }

  private static int runsATask(Writing client, Life.Round shared, int number)
      throws IOException, InterruptedException {
    String arn = started(client, number);
    int calls = 2 + until(client, arn, "\"lastStatus\":\"RUNNING\"");
    var _ =
        client.call(
            EcsModel.STOP_TASK, json("{\"cluster\":\"%s\"}", TaskWrites.HARBOR).with("task", arn));
    return calls + until(client, arn, "\"lastStatus\":\"STOPPED\"");
  }

  private static int rotatesASecret(Writing client, Life.Round shared, int number)
      throws IOException, InterruptedException {
    JsonObject id = named("SecretId", "rotated-" + number);
    var _ =
        client.call(
            SecretsManagerModel.CREATE_SECRET,
            named("Name", "rotated-" + number).with("SecretString", "first of " + number));
    for (int i = 0; i < 3; i++) {
      var _ =
          client.call(
              SecretsManagerModel.PUT_SECRET_VALUE,
              id.with("SecretString", "value " + i + " of " + number));
      JsonObject found = client.call(SecretsManagerModel.GET_SECRET_VALUE, id);
      require(Json.text(found).contains("value " + i + " of " + number));
    }
    var _ =
        client.call(SecretsManagerModel.DELETE_SECRET, id.with("ForceDeleteWithoutRecovery", true));
    return 8;
  }

  private static int runsAService(Writing client, Life.Round shared, int number)
      throws IOException, InterruptedException {
    String name = "service-" + number;
    JsonObject in =
        json(
            "{\"cluster\":\"%s\",\"serviceName\":\"%s\",\"taskDefinition\":\"%s\",\"desiredCount\":2}",
            TaskWrites.HARBOR, name, TaskWrites.FAMILY);
    var _ = client.call(EcsModel.CREATE_SERVICE, in);
    JsonObject look = json("{\"cluster\":\"%s\",\"services\":[\"%s\"]}", TaskWrites.HARBOR, name);
    int calls = 2 + until(client, EcsModel.DESCRIBE_SERVICES, look, "\"runningCount\":2");
    JsonObject one = named("cluster", TaskWrites.HARBOR).with("service", name);
    var _ = client.call(EcsModel.DELETE_SERVICE, one.with("force", true));
    return calls + until(client, EcsModel.DESCRIBE_SERVICES, look, "\"INACTIVE\"");
  }

  /** Runs a task; while the agent is away there is no place for it. */
  private static String started(Writing client, int number)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + 60_000_000_000L;
    JsonObject answer = JsonObject.EMPTY;
    for (int i = 0; System.nanoTime() < deadline; i++) {
      answer =
          client.call(
              EcsModel.RUN_TASK,
              json(
                  "{\"cluster\":\"%s\",\"taskDefinition\":\"%s\",\"clientToken\":\"%s\"}",
                  TaskWrites.HARBOR, TaskWrites.FAMILY, "token-" + number + "-" + i));
      var tasks = answer.array("tasks");
      if (!tasks.isEmpty()) {
        return Harbor.text((JsonObject) tasks.getFirst(), "taskArn");
      }
      boolean _ =
          new java.util.concurrent.CountDownLatch(1)
              .await(50, java.util.concurrent.TimeUnit.MILLISECONDS);
    }
    throw new AssertionError("no task was started: " + Json.text(answer));
  }

  private static int until(Writing client, String task, String state)
      throws IOException, InterruptedException {
    JsonObject in = json("{\"cluster\":\"%s\",\"tasks\":[\"%s\"]}", TaskWrites.HARBOR, task);
    return until(client, EcsModel.DESCRIBE_TASKS, in, state);
  }

  /** Looks until something is so; returns how often. */
  private static <I extends Shape, O extends Shape> int until(
      Writing client, OperationModel<I, O> look, JsonObject in, String state)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + 60_000_000_000L;
    int calls = 0;
    String found = "";
    while (System.nanoTime() < deadline) {
      calls++;
      found = Json.text(client.call(look, in));
      if (found.contains(state)) {
        return calls;
      }
      boolean _ =
          new java.util.concurrent.CountDownLatch(1)
              .await(50, java.util.concurrent.TimeUnit.MILLISECONDS);
    }
    throw new AssertionError("not " + state + ": " + found);
  }

  private static int looksAround(Writing client, Life.Round shared, int number)
      throws IOException, InterruptedException {
    var _ = client.call(IamModel.LIST_USERS, JsonObject.EMPTY);
    var _ = client.call(SsmModel.DESCRIBE_PARAMETERS, JsonObject.EMPTY);
    var _ = client.call(EcsModel.LIST_TASKS, named("cluster", TaskWrites.HARBOR));
    var _ =
        client.call(
            CloudTrailModel.LOOKUP_EVENTS,
            json(
                "{\"LookupAttributes\":[{\"AttributeKey\":\"EventName\",\"AttributeValue\":\"RunTask\"}],\"MaxResults\":10}"));
    var _ = client.call(KmsModel.LIST_ALIASES, named("KeyId", shared.keyId()));
    return 5;
  }
}
