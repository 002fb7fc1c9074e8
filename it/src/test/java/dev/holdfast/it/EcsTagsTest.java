// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.ApiError;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Operation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every kind of thing that ECS tags is told by the tags that it was given through ECS itself, by
 * whichever of its names an operation is asked about it, under each key that AWS documents.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security_iam_service-with-iam.html">
 *     Authorization based on tags</a>
 */
class EcsTagsTest {
  private static final String BLUE = "[{\"key\":\"team\",\"value\":\"blue\"}]";
  private static final List<String> KEYS = List.of("aws:ResourceTag/team", "ecs:ResourceTag/team");

  private static Harbor harbor;
  private static Writing client;
  private static StandInAgent agent;
  private static Harbor.User walker;
  private static final List<Asked> ASKED = new ArrayList<>();

  /** An operation that is asked about something by one of its names. */
  private record Asked(String operation, String in, String kind) {
    /** The keys that AWS documents of this kind. */
    List<String> keys() {
      return kind.startsWith("service ") ? KEYS.subList(0, 1) : KEYS;
    }
  }

  @BeforeAll
  static void open() throws IOException, InterruptedException {
    harbor = Harbor.open();
    walker = harbor.user("walker");
    client =
        new Writing(
            harbor.platform().url(),
            new Writing.Home(harbor.account().digits(), harbor.home().administrator(), ""));
    cluster();
    taskDefinition();
    String instance = instance();
    agent = StandInAgent.connect(client, instance);
    // What a task was started with, and what it has of its definition.
    task("\"tags\":" + BLUE);
    task("\"propagateTags\":\"TASK_DEFINITION\"");
    service();
    capacityProvider();
  }

  @AfterAll
  static void close() throws IOException {
    agent.close();
    client.close();
    harbor.close();
  }

  private static JsonObject made(String operation, String in, String member) {
    return harbor.admin("ecs:" + operation, in.replace("BLUE", BLUE)).object(member);
  }

  private static void ask(String kind, String operation, String in, String... names) {
    for (String name : names) {
      ASKED.add(new Asked("ecs:" + operation, in.replace("NAME", name), kind));
    }
  }

  /** What is asked of everything that has tags, by its ARN. */
  private static void tagging(String kind, String... arns) {
    ask(kind, "ListTagsForResource", "{\"resourceArn\":\"NAME\"}", arns);
    ask(
        kind,
        "TagResource",
        "{\"resourceArn\":\"NAME\",\"tags\":[{\"key\":\"team\",\"value\":\"blue\"}]}",
        arns);
    ask(kind, "UntagResource", "{\"resourceArn\":\"NAME\",\"tagKeys\":[\"other\"]}", arns);
  }

  private static void cluster() {
    String arn =
        Harbor.text(
            made("CreateCluster", "{\"clusterName\":\"steady\",\"tags\":BLUE}", "cluster"),
            "clusterArn");
    String[] names = {"steady", arn};
    ask("cluster", "DescribeClusters", "{\"clusters\":[\"NAME\"]}", names);
    ask("cluster", "UpdateCluster", "{\"cluster\":\"NAME\"}", names);
    ask(
        "cluster",
        "UpdateClusterSettings",
        "{\"cluster\":\"NAME\",\"settings\":[{\"name\":\"containerInsights\",\"value\":\"enabled\"}]}",
        names);
    ask(
        "cluster",
        "PutClusterCapacityProviders",
        "{\"cluster\":\"NAME\",\"capacityProviders\":[],\"defaultCapacityProviderStrategy\":[]}",
        names);
    for (String listing : List.of("ListContainerInstances", "RegisterContainerInstance")) {
      ask("cluster", listing, "{\"cluster\":\"NAME\"}", names);
    }
    ask(
        "cluster",
        "ListAttributes",
        "{\"cluster\":\"NAME\",\"targetType\":\"container-instance\"}",
        names);
    ask(
        "cluster",
        "DeregisterContainerInstance",
        "{\"cluster\":\"NAME\",\"containerInstance\":\"none\"}",
        names);
    ask(
        "cluster",
        "SubmitAttachmentStateChanges",
        "{\"cluster\":\"NAME\",\"attachments\":[]}",
        names);
    for (String report : List.of("SubmitTaskStateChange", "SubmitContainerStateChange")) {
      ask("cluster", report, "{\"cluster\":\"NAME\",\"status\":\"RUNNING\"}", names);
    }
    // A cluster with something in it stays.
    ask("cluster", "DeleteCluster", "{\"cluster\":\"NAME\"}", names);
    tagging("cluster", arn);
  }

  private static void taskDefinition() {
    String registration =
        "{\"family\":\"sail\",\"tags\":BLUE,\"containerDefinitions\":[{\"name\":\"web\","
            + "\"image\":\"registry.invalid/none:1\",\"memory\":64}]}";
    String arn =
        Harbor.text(
            made("RegisterTaskDefinition", registration, "taskDefinition"), "taskDefinitionArn");
    ask(
        "task definition",
        "RunTask",
        "{\"cluster\":\"steady\",\"count\":1,\"taskDefinition\":\"NAME\"}",
        "sail",
        "sail:1",
        arn,
        arn.substring(0, arn.lastIndexOf(':')));
    // An active one is not deleted.
    ask(
        "task definition",
        "DeleteTaskDefinitions",
        "{\"taskDefinitions\":[\"NAME\"]}",
        "sail:1",
        arn);
    tagging("task definition", arn);
  }

  private static String instance() throws IOException, InterruptedException {
    String arn = StandInAgent.register(client);
    harbor.admin("ecs:TagResource", "{\"resourceArn\":\"%s\",\"tags\":%s}".formatted(arn, BLUE));
    String id = arn.substring(arn.lastIndexOf('/') + 1);
    String shorter = arn.replace("/steady/", "/");
    String[] names = {id, arn, shorter};
    String kind = "container instance";
    ask(
        kind,
        "DescribeContainerInstances",
        "{\"cluster\":\"steady\",\"containerInstances\":[\"NAME\"]}",
        names);
    ask(
        kind,
        "UpdateContainerInstancesState",
        "{\"cluster\":\"steady\",\"containerInstances\":[\"NAME\"],\"status\":\"ACTIVE\"}",
        names);
    ask(kind, "ListTasks", "{\"cluster\":\"steady\",\"containerInstance\":\"NAME\"}", names);
    for (String operation : List.of("PutAttributes", "DeleteAttributes")) {
      ask(
          kind,
          operation,
          "{\"cluster\":\"steady\",\"attributes\":[{\"name\":\"rack\","
              + "\"targetType\":\"container-instance\",\"targetId\":\"NAME\"}]}",
          names);
    }
    tagging(kind, arn);
    return arn;
  }

  private static void task(String tagged) {
    JsonObject answer =
        harbor.admin(
            "ecs:RunTask",
            "{\"cluster\":\"steady\",\"taskDefinition\":\"sail\",\"launchType\":\"EXTERNAL\",%s}"
                .formatted(tagged));
    String arn = Harbor.text((JsonObject) answer.array("tasks").getFirst(), "taskArn");
    String id = arn.substring(arn.lastIndexOf('/') + 1);
    String[] names = {id, arn, arn.replace("/steady/", "/")};
    String in = "{\"cluster\":\"steady\",\"tasks\":[\"NAME\"]}";
    ask("task", "DescribeTasks", in, names);
    ask("task", "GetTaskProtection", in, names);
    ask(
        "task",
        "UpdateTaskProtection",
        "{\"cluster\":\"steady\",\"tasks\":[\"NAME\"],\"protectionEnabled\":false}",
        names);
    ask(
        "task",
        "ExecuteCommand",
        "{\"cluster\":\"steady\",\"task\":\"NAME\",\"interactive\":true,\"command\":\"sh\"}",
        names);
    tagging("task", arn);
    ask("task", "StopTask", "{\"cluster\":\"steady\",\"task\":\"NAME\"}", names);
  }

  private static void service() {
    JsonObject service =
        made(
            "CreateService",
            "{\"cluster\":\"steady\",\"serviceName\":\"watch\",\"taskDefinition\":\"sail\","
                + "\"desiredCount\":1,\"launchType\":\"EXTERNAL\",\"tags\":BLUE}",
            "service");
    String arn = Harbor.text(service, "serviceArn");
    String[] names = {"watch", arn, arn.replace("/steady/", "/")};
    ask("service", "DescribeServices", "{\"cluster\":\"steady\",\"services\":[\"NAME\"]}", names);
    for (String operation : List.of("UpdateService", "ListServiceDeployments")) {
      ask("service", operation, "{\"cluster\":\"steady\",\"service\":\"NAME\"}", names);
    }
    // What lies below a service has no tags of its own: the service's tell it.
    String deployment = Harbor.text(service, "currentServiceDeployment");
    JsonObject revision = (JsonObject) service.array("currentServiceRevisions").getFirst();
    ask(
        "service deployment",
        "DescribeServiceDeployments",
        "{\"serviceDeploymentArns\":[\"NAME\"]}",
        deployment);
    ask(
        "service deployment",
        "StopServiceDeployment",
        "{\"serviceDeploymentArn\":\"NAME\"}",
        deployment);
    ask(
        "service revision",
        "DescribeServiceRevisions",
        "{\"serviceRevisionArns\":[\"NAME\"]}",
        Harbor.text(revision, "arn"));
    tagging("service", arn);
    // One that is to run something stays.
    ask("service", "DeleteService", "{\"cluster\":\"steady\",\"service\":\"NAME\"}", names);
  }

  private static void capacityProvider() {
    String arn =
        Harbor.text(
            made(
                "CreateCapacityProvider",
                "{\"name\":\"pier\",\"tags\":BLUE,"
                    + "\"autoScalingGroupProvider\":{\"autoScalingGroupArn\":\"pier-group\"}}",
                "capacityProvider"),
            "capacityProviderArn");
    String kind = "capacity provider";
    String[] names = {"pier", arn};
    ask(kind, "DescribeCapacityProviders", "{\"capacityProviders\":[\"NAME\"]}", names);
    ask(
        kind,
        "UpdateCapacityProvider",
        "{\"name\":\"NAME\",\"autoScalingGroupProvider\":{\"managedDraining\":\"DISABLED\"}}",
        names);
    tagging(kind, arn);
    // One that a cluster uses stays.
    harbor.admin(
        "ecs:CreateCluster", "{\"clusterName\":\"user\",\"capacityProviders\":[\"pier\"]}");
    ask(kind, "DeleteCapacityProvider", "{\"capacityProvider\":\"NAME\"}", names);
  }

  /** Everything else is allowed; the action itself only where there is this tag. */
  private static Optional<ApiError> answer(Asked asked, String key, String team) {
    JsonObject others =
        JsonObject.EMPTY
            .with("Effect", "Allow")
            .with("NotAction", asked.operation())
            .with("Resource", "*");
    JsonObject where = JsonObject.EMPTY.with("StringEquals", JsonObject.EMPTY.with(key, team));
    JsonObject own =
        JsonObject.EMPTY
            .with("Effect", "Allow")
            .with("Action", asked.operation())
            .with("Resource", "*")
            .with("Condition", where);
    harbor.policy(
        walker,
        JsonObject.EMPTY
            .with("Version", "2012-10-17")
            .with("Statement", new JsonArray(List.of(others, own))));
    Operation<?, ?> operation = harbor.operation(asked.operation()).orElseThrow();
    return harbor.attempt(walker.credentials(), operation, Json.parseObject(asked.in()));
  }

  private static boolean denied(Optional<ApiError> answer) {
    return answer.map(ApiError::code).orElse("").startsWith("AccessDenied");
  }

  @Test
  void everyKindIsAsked() {
    assertThat(ASKED.stream().map(Asked::kind).distinct())
        .containsExactlyInAnyOrder(
            "cluster",
            "task definition",
            "container instance",
            "task",
            "service",
            "service deployment",
            "service revision",
            "capacity provider");
  }

  @TestFactory
  Stream<DynamicTest> theTagsDecide() {
    return ASKED.stream()
        .map(
            asked ->
                DynamicTest.dynamicTest(
                    asked.operation() + " " + asked.in(),
                    () -> {
                      for (String key : asked.keys()) {
                        assertThat(denied(answer(asked, key, "red"))).as("red, %s", key).isTrue();
                        Optional<ApiError> answer = answer(asked, key, "blue");
                        assertThat(denied(answer))
                            .as("blue, %s: %s", key, answer.map(ApiError::text).orElse(""))
                            .isFalse();
                      }
                    }));
  }
}
