// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static dev.holdfast.it.IdentityWrites.TAG;
import static dev.holdfast.it.IdentityWrites.done;
import static dev.holdfast.it.Wreckable.gone;
import static dev.holdfast.it.Wreckable.named;
import static dev.holdfast.it.Wreckable.same;
import static dev.holdfast.it.Wreckable.step;
import static dev.holdfast.it.Wreckable.whole;

import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Task definitions, clusters and tasks. */
final class TaskWrites {
  /** Where the tasks run. */
  static final String HARBOR = "steady";

  /** What they run. */
  static final String FAMILY = "steady";

  static final List<Wreckable> ALL =
      List.of(
          new Wreckable(
              "task definition",
              List.of(
                  step("RegisterTaskDefinition", TaskWrites::register),
                  step(
                      "DeregisterTaskDefinition",
                      (to, life) ->
                          done(
                              to.call(
                                  EcsModel.DEREGISTER_TASK_DEFINITION,
                                  named("taskDefinition", life.id() + ":1")))),
                  step(
                      "DeleteTaskDefinitions",
                      (to, life) ->
                          done(
                              to.call(
                                  EcsModel.DELETE_TASK_DEFINITIONS,
                                  Json.parseObject(
                                      "{\"taskDefinitions\":[\"%s:1\"]}".formatted(life.id())))))),
              1,
              TaskWrites::foundDefinition),
          new Wreckable(
              "cluster",
              List.of(
                  step(
                      "CreateCluster",
                      (to, life) ->
                          done(
                              to.call(
                                  EcsModel.CREATE_CLUSTER, ecsTagged("clusterName", life.id())))),
                  step(
                      "DeleteCluster",
                      (to, life) ->
                          done(to.call(EcsModel.DELETE_CLUSTER, named("cluster", life.id()))))),
              1,
              TaskWrites::foundCluster),
          new Wreckable(
              "task",
              List.of(
                  step("RunTask", TaskWrites::run),
                  step(
                      "StopTask",
                      (to, life) ->
                          done(
                              to.call(
                                  EcsModel.STOP_TASK,
                                  named("cluster", HARBOR)
                                      .with("task", life.answer(0))
                                      .with("reason", life.id()))))),
              1,
              TaskWrites::foundTask));

  /** What may change of a task or a service from one answer to the next. */
  private static final Set<String> PASSING =
      Set.of(
          "connectivity",
          "connectivityAt",
          "currentServiceDeployment",
          "currentServiceRevisions",
          "deployments",
          "desiredStatus",
          "events",
          "executionStoppedAt",
          "exitCode",
          "healthStatus",
          "lastStatus",
          "managedAgents",
          "networkBindings",
          "pendingCount",
          "pullStartedAt",
          "pullStoppedAt",
          "reason",
          "runningCount",
          "runtimeId",
          "startedAt",
          "status",
          "stopCode",
          "stoppedAt",
          "stoppedReason",
          "stoppingAt",
          "version");

  private TaskWrites() {}

  /** Whether lives of a kind leave most of what they make. */
  static boolean isTask(Wreckable kind) {
    return kind.name().equals("task");
  }

  private static JsonObject ecsTagged(String member, String id) {
    return Json.parseObject(
        "{\"%s\":\"%s\",\"tags\":[{\"key\":\"kept\",\"value\":\"whole\"}]}".formatted(member, id));
  }

  /** A definition of this family, of an image that no registry has. */
  static JsonObject definition(String family) {
    return Json.parseObject(
        """
        {"family":"%s","containerDefinitions":[{"name":"web","image":"registry.invalid/none:1","memory":64}],
         "tags":[{"key":"kept","value":"whole"}]}"""
            .formatted(family));
  }

  private static String register(Writing to, Life life) throws IOException, InterruptedException {
    return done(to.call(EcsModel.REGISTER_TASK_DEFINITION, definition(life.id())));
  }

  private static int foundDefinition(Seen from, Life life)
      throws IOException, InterruptedException {
    JsonObject in =
        Json.parseObject(
            "{\"taskDefinition\":\"%s:1\",\"include\":[\"TAGS\"]}".formatted(life.id()));
    Optional<JsonObject> found = from.client().find(EcsModel.DESCRIBE_TASK_DEFINITION, in);
    if (!whole(found, life.id(), "registry.invalid", TAG)) {
      return gone(life);
    }
    return switch (found.orElseThrow().object("taskDefinition").string("status")) {
      case "ACTIVE" -> 1;
      case "INACTIVE" -> 2;
      case "DELETE_IN_PROGRESS" -> 3;
      case null, default -> throw new AssertionError(found);
    };
  }

  private static int foundCluster(Seen from, Life life) throws IOException, InterruptedException {
    JsonObject in =
        Json.parseObject("{\"clusters\":[\"%s\"],\"include\":[\"TAGS\"]}".formatted(life.id()));
    JsonObject found = from.client().call(EcsModel.DESCRIBE_CLUSTERS, in);
    String text = Json.text(found);
    if (text.contains("MISSING")) {
      return gone(life);
    }
    if (text.contains("\"INACTIVE\"")) {
      return 2;
    }
    whole(Optional.of(found), "\"ACTIVE\"", TAG);
    return 1;
  }

  private static JsonObject wanted(Life life) {
    return ecsTagged("clientToken", life.id())
        .with("cluster", HARBOR)
        .with("taskDefinition", FAMILY)
        .with("startedBy", life.id());
  }

  /** Keeps the answer whole, and the task's ARN as that of the step. */
  static String run(Writing to, Life life) throws IOException, InterruptedException {
    JsonObject task = ran(to, life);
    life.keep(Json.text(lasting(task)));
    return Harbor.text(task, "taskArn");
  }

  private static JsonObject ran(Writing to, Life life) throws IOException, InterruptedException {
    JsonObject answer = to.call(EcsModel.RUN_TASK, wanted(life));
    if (answer.array("tasks").size() != 1 || !answer.array("failures").isEmpty()) {
      throw new AssertionError(Json.text(answer));
    }
    return (JsonObject) answer.array("tasks").getFirst();
  }

  /** What is told of a task or a service without what becomes of it. */
  static JsonObject lasting(JsonObject told) {
    JsonObject lasting = JsonObject.EMPTY;
    for (var member : told.members().entrySet()) {
      if (!PASSING.contains(member.getKey())) {
        JsonValue value = member.getValue();
        if (value instanceof JsonArray(var items)) {
          value =
              new JsonArray(
                  items.stream()
                      .map(item -> item instanceof JsonObject object ? lasting(object) : item)
                      .toList());
        }
        lasting = lasting.with(member.getKey(), value);
      }
    }
    return lasting;
  }

  private static int foundTask(Seen from, Life life) throws IOException, InterruptedException {
    String arn = life.answer(0).isEmpty() ? started(from, life) : life.answer(0);
    if (arn.isEmpty()) {
      return gone(life);
    }
    String text = described(from, arn);
    if (text.contains("MISSING")) {
      return life.acknowledged() + (life.cut() ? 1 : 0) < 2 ? 0 : 2;
    }
    whole(Optional.of(Json.parseObject(text)), arn, "\"" + life.id() + "\"", TAG);
    boolean wanted = text.contains("\"desiredStatus\":\"RUNNING\"");
    if (wanted && !from.tellsOf(arn)) {
      throw new AssertionError("the platform does not tell its agent of " + arn);
    }
    return wanted ? 1 : 2;
  }

  private static String described(Seen from, String arn) throws IOException, InterruptedException {
    return Json.text(
        from.client()
            .call(
                EcsModel.DESCRIBE_TASKS,
                Json.parseObject(
                    "{\"cluster\":\"%s\",\"tasks\":[\"%s\"],\"include\":[\"TAGS\"]}"
                        .formatted(HARBOR, arn))));
  }

  /** The task of a request that was not answered; empty where there is none. */
  private static String started(Seen from, Life life) throws IOException, InterruptedException {
    for (String desired : List.of("RUNNING", "STOPPED")) {
      JsonObject in =
          named("cluster", HARBOR).with("startedBy", life.id()).with("desiredStatus", desired);
      var arns = from.client().call(EcsModel.LIST_TASKS, in).array("taskArns");
      if (arns.size() > 1) {
        throw new AssertionError("one request made two tasks: " + arns);
      }
      if (!arns.isEmpty()) {
        return ((dev.holdfast.kit.JsonValue.JsonString) arns.getFirst()).text();
      }
    }
    return "";
  }

  /**
   * The same request under the same token again: it must mean the task that there is, and be
   * answered as before.
   *
   * @param first whether the task must be there; a task that stopped an hour ago is forgotten
   */
  static void sameAnswer(Seen from, Life life, boolean first)
      throws IOException, InterruptedException {
    String before = life.answer(0).isEmpty() ? started(from, life) : life.answer(0);
    if (!first && (before.isEmpty() || described(from, before).contains("MISSING"))) {
      return;
    }
    JsonObject again = ran(from.client(), life);
    same(before, Harbor.text(again, "taskArn"));
    if (!life.kept().isEmpty()) {
      same(life.kept(), Json.text(lasting(again)));
    }
  }
}
