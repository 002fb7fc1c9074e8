// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.agent.IAMRoleCredentialsMessage;
import dev.holdfast.aws.agent.PayloadContainer;
import dev.holdfast.aws.agent.PayloadMessage;
import dev.holdfast.aws.agent.TaskManifestMessage;
import dev.holdfast.aws.ecs.Attribute;
import dev.holdfast.aws.ecs.DescribeContainerInstancesResponse;
import dev.holdfast.aws.ecs.DescribeTasksResponse;
import dev.holdfast.aws.ecs.RegisterContainerInstanceResponse;
import dev.holdfast.aws.ecs.RunTaskResponse;
import dev.holdfast.aws.ecs.StopTaskResponse;
import dev.holdfast.aws.ecs.SubmitTaskStateChangeResponse;
import dev.holdfast.aws.ecs.Task;
import dev.holdfast.http.HttpServer;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Principal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What Amazon's own agent is told, and which tasks it gets. */
@Timeout(60)
final class StockAgentTest {
  private static final Principal AGENT = Fixture.session("AROABOX", "mi-one", Map.of());

  private final Fixture f = new Fixture();
  private final OpenDoor door = new OpenDoor(f);
  private HttpServer server;
  private int port;

  @SuppressWarnings("NullAway.Init")
  StockAgentTest() {}

  @BeforeEach
  void serve() throws IOException {
    server = door.serve();
    port = server.address().getPort();
    f.ecs.start();
    Scenes.cluster(f);
    f.parameter("/shop/db", 3, null);
    door.know("agent", AGENT);
  }

  @AfterEach
  void close() {
    f.ecs.close();
    server.close();
  }

  private String register(String... capabilities) {
    String attributes =
        Stream.of(capabilities)
            .map(name -> "{\"name\":\"" + name + "\"}")
            .collect(Collectors.joining(","));
    var instance =
        f.call(
                AGENT,
                "RegisterContainerInstance",
                "{\"cluster\":\"shop\",\"attributes\":["
                    + attributes
                    + "],\"totalResources\":[{\"name\":\"CPU\",\"type\":\"INTEGER\",\"integerValue\":2048},"
                    + "{\"name\":\"MEMORY\",\"type\":\"INTEGER\",\"integerValue\":4096}]}",
                RegisterContainerInstanceResponse.class)
            .containerInstance();
    return String.valueOf(Objects.requireNonNull(instance).containerInstanceArn());
  }

  private static String[] capabilities() {
    return new String[] {
      "com.amazonaws.ecs.capability.docker-remote-api.1.18",
      "com.amazonaws.ecs.capability.logging-driver.awslogs",
      "ecs.capability.execution-role-awslogs",
      "ecs.capability.secrets.ssm.environment-variables"
    };
  }

  private static void define(Fixture f, String valueFrom) {
    Scenes.register(
        f,
        """
        {"family":"web","executionRoleArn":"%s","containerDefinitions":[{"name":"app",
         "image":"127.0.0.1:4566/shop/web:1","memory":128,
         "logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"/shop/web",
          "awslogs-stream-prefix":"web"}},
         "secrets":[{"name":"DB","valueFrom":"%s"}]}]}
        """
            .formatted(Fixture.ROLE, valueFrom));
  }

  private Task describe(String arn) {
    return f.call(
            "DescribeTasks",
            "{\"cluster\":\"shop\",\"tasks\":[\"" + arn + "\"]}",
            DescribeTasksResponse.class)
        .tasks()
        .getFirst();
  }

  private static JsonObject hostConfig(PayloadContainer container) {
    String text =
        Objects.requireNonNull(Objects.requireNonNull(container.dockerConfig()).hostConfig());
    return (JsonObject) Json.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void getsWhatItsEngineUnderstands() throws InterruptedException {
    define(f, "/shop/db");
    String instance = register(capabilities());
    try (var acs = AgentPeer.commands(port, instance, "agent")) {
      acs.next(TaskManifestMessage.class);
      String arn = String.valueOf(Scenes.task(Scenes.run(f, "")).taskArn());
      String id = arn.substring(arn.lastIndexOf('/') + 1);

      var container = acs.next(PayloadMessage.class).tasks().getFirst().containers().getFirst();

      // By another name it would not find the value in the answer, and the variable would be empty.
      assertThat(container.secrets().getFirst().valueFrom()).isEqualTo("/shop/db");
      assertThat(container.logsAuthStrategy()).isEqualTo("ExecutionRole");
      JsonObject log =
          Objects.requireNonNull(hostConfig(container).object("LogConfig")).object("Config");
      assertThat(Objects.requireNonNull(log).members().keySet())
          .containsExactlyInAnyOrder(
              "awslogs-group",
              "awslogs-stream",
              "awslogs-region",
              "awslogs-endpoint",
              "mode",
              "max-buffer-size");
      assertThat(log.string("awslogs-stream")).isEqualTo("web/app/" + id);
      assertThat(log.string("awslogs-region")).isEqualTo("eu-test-1");
      assertThat(log.string("awslogs-endpoint")).isEqualTo("http://127.0.0.1:4566");
      assertThat(f.opened)
          .singleElement()
          .satisfies(
              wanted ->
                  assertThat(wanted.policy())
                      .contains("logs:PutLogEvents", "log-group:/shop/web:*", "parameter/shop/db"));
    }
  }

  @Test
  void itsEngineTakesTheLastLinesAlongBeforeTheSessionEnds() throws InterruptedException {
    define(f, "/shop/db");
    String instance = register(capabilities());
    try (var acs = AgentPeer.commands(port, instance, "agent")) {
      acs.next(TaskManifestMessage.class);
      String arn = String.valueOf(Scenes.task(Scenes.run(f, "")).taskArn());
      acs.next(PayloadMessage.class);
      submit(arn, "RUNNING");

      var _ =
          f.call(
              "StopTask",
              "{\"cluster\":\"shop\",\"task\":\"" + arn + "\"}",
              StopTaskResponse.class);
      assertThat(acs.next(PayloadMessage.class).tasks().getFirst().desiredStatus())
          .isEqualTo("STOPPED");
      assertThat(f.ended).isEmpty();

      submit(arn, "STOPPED");
      assertThat(describe(arn).lastStatus()).isEqualTo("STOPPED");
      assertThat(f.ended).hasSize(1);
    }
  }

  private void submit(String arn, String status) {
    var _ =
        f.call(
            AGENT,
            "SubmitTaskStateChange",
            "{\"cluster\":\"shop\",\"task\":\""
                + arn
                + "\",\"status\":\""
                + status
                + "\",\"containers\":[{\"containerName\":\"app\",\"status\":\""
                + status
                + "\"}]}",
            SubmitTaskStateChangeResponse.class);
  }

  @Test
  void renewsUnderTheSameIdWithTheSameRights() throws InterruptedException {
    define(f, "/shop/db");
    String instance = register(capabilities());
    String arn;
    try (var acs = AgentPeer.commands(port, instance, "agent")) {
      acs.next(TaskManifestMessage.class);
      arn = String.valueOf(Scenes.task(Scenes.run(f, "")).taskArn());
      acs.next(PayloadMessage.class);
      submit(arn, "RUNNING");
    }
    try (var acs = AgentPeer.commands(port, instance, "agent")) {
      assertThat(acs.next(IAMRoleCredentialsMessage.class).roleType()).isEqualTo("TaskExecution");
      assertThat(f.opened).hasSize(2).allSatisfy(w -> assertThat(w.policy()).contains("logs:"));
    }
  }

  @Test
  void refusesToGuessAVersionItCannotAskFor() throws InterruptedException {
    f.parameter("/shop/db:2", 2, null);
    define(f, "/shop/db:2");
    String instance = register(capabilities());
    try (var acs = AgentPeer.commands(port, instance, "agent")) {
      acs.next(TaskManifestMessage.class);
      String arn = String.valueOf(Scenes.task(Scenes.run(f, "")).taskArn());

      long deadline = System.nanoTime() + 30_000_000_000L;
      while (!"STOPPED".equals(describe(arn).lastStatus()) && System.nanoTime() < deadline) {
        Thread.onSpinWait();
      }
      assertThat(describe(arn).stopCode()).isEqualTo("TaskFailedToStart");
      assertThat(describe(arn).stoppedReason())
          .contains("no chosen version")
          .contains("/shop/db:2");
    }
  }

  @Test
  void getsNoTaskThatItsAgentCannotRun() throws InterruptedException {
    define(f, "/shop/db");
    String instance =
        register(
            "com.amazonaws.ecs.capability.docker-remote-api.1.18",
            "ecs.capability.secrets.ssm.environment-variables");
    try (var acs = AgentPeer.commands(port, instance, "agent")) {
      acs.next(TaskManifestMessage.class);
      var failures = Scenes.run(f, "").failures();

      assertThat(failures)
          .filteredOn(failure -> instance.equals(failure.arn()))
          .singleElement()
          .satisfies(
              failure -> {
                assertThat(failure.reason()).isEqualTo("ATTRIBUTE");
                assertThat(failure.detail())
                    .contains(
                        "com.amazonaws.ecs.capability.logging-driver.awslogs,"
                            + " ecs.capability.execution-role-awslogs");
              });
    }
    assertThat(List.copyOf(f.opened)).isEmpty();
  }

  @Test
  void getsNoTaskWithAnInterfaceOfItsOwnAndNoneWaitsForOne() throws InterruptedException {
    String definition =
        """
        {"family":"%s","networkMode":"%s","containerDefinitions":[{"name":"app",
         "image":"127.0.0.1:4566/shop/web:1","memory":128}],"executionRoleArn":"%s"}
        """;
    Scenes.register(f, definition.formatted("web", "awsvpc", Fixture.ROLE));
    Scenes.register(f, definition.formatted("near", "bridge", Fixture.ROLE));
    String network =
        ",\"networkConfiguration\":{\"awsvpcConfiguration\":{\"subnets\":[\"subnet-1\"]}}";
    // As an agent says that has AWS's plugins for network interfaces.
    String instance =
        register(
            "com.amazonaws.ecs.capability.docker-remote-api.1.18",
            "ecs.capability.task-eni",
            "ecs.capability.task-eni-trunking");
    try (var acs = AgentPeer.commands(port, instance, "agent")) {
      acs.next(TaskManifestMessage.class);
      for (String how : List.of("", ",\"launchType\":\"EC2\"")) {
        var answer = Scenes.run(f, network + how);
        assertThat(answer.tasks()).isEmpty();
        assertThat(answer.failures())
            .filteredOn(failure -> instance.equals(failure.arn()))
            .singleElement()
            .satisfies(
                failure -> {
                  assertThat(failure.reason()).isEqualTo("ATTRIBUTE");
                  assertThat(failure.detail()).contains("awsvpc").contains("an agent of ours");
                });
      }
      var placed =
          f.call(
              "RunTask",
              "{\"cluster\":\"shop\",\"taskDefinition\":\"near\",\"launchType\":\"EXTERNAL\"}",
              RunTaskResponse.class);
      assertThat(Scenes.task(placed).containerInstanceArn()).isEqualTo(instance);
      assertThat(acs.next(PayloadMessage.class).tasks()).hasSize(1);
    }
  }

  @Test
  void keepsItsOwnersAttributesWhenItsAgentStartsAgain() {
    String instance =
        attributes("{\"name\":\"rack\",\"value\":\"r1\"},{\"name\":\"ecs.capability.old\"}", "");

    attributes(
        "{\"name\":\"ecs.capability.new\"}", ",\"containerInstanceArn\":\"" + instance + "\"");

    assertThat(
            f.call(
                    "DescribeContainerInstances",
                    "{\"cluster\":\"shop\",\"containerInstances\":[\"" + instance + "\"]}",
                    DescribeContainerInstancesResponse.class)
                .containerInstances()
                .getFirst()
                .attributes())
        .extracting(Attribute::name)
        .contains("rack", "ecs.capability.new")
        .doesNotContain("ecs.capability.old");
  }

  private String attributes(String attributes, String more) {
    var instance =
        f.call(
                AGENT,
                "RegisterContainerInstance",
                "{\"cluster\":\"shop\",\"attributes\":[" + attributes + "]" + more + "}",
                RegisterContainerInstanceResponse.class)
            .containerInstance();
    return String.valueOf(Objects.requireNonNull(instance).containerInstanceArn());
  }
}
