// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.agent.AckPublishHealth;
import dev.holdfast.aws.agent.AckPublishMetric;
import dev.holdfast.aws.agent.AgentFrame;
import dev.holdfast.aws.agent.HeartbeatMessage;
import dev.holdfast.aws.agent.HostInstancesMessage;
import dev.holdfast.aws.agent.IAMRoleCredentialsMessage;
import dev.holdfast.aws.agent.PayloadMessage;
import dev.holdfast.aws.agent.PayloadTask;
import dev.holdfast.aws.agent.TaskIdentity;
import dev.holdfast.aws.agent.TaskManifestMessage;
import dev.holdfast.aws.agent.TaskStopVerificationAck;
import dev.holdfast.aws.agent.TaskStopVerificationMessage;
import dev.holdfast.aws.ecs.CreateServiceResponse;
import dev.holdfast.aws.ecs.DescribeTasksResponse;
import dev.holdfast.aws.ecs.RunTaskResponse;
import dev.holdfast.aws.ecs.StopTaskResponse;
import dev.holdfast.aws.ecs.SubmitTaskStateChangeResponse;
import dev.holdfast.aws.ecs.Task;
import dev.holdfast.ecs.daily.Daily;
import dev.holdfast.ecs.model.JournalEvent;
import dev.holdfast.http.HttpServer;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Principal;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class AgentStreamTest {
  private static final String DEV = ",\"tags\":[{\"key\":\"environment\",\"value\":\"dev\"}]";

  private final Fixture f = new Fixture();
  private final OpenDoor door = new OpenDoor(f);
  private HttpServer server;
  private int port;

  @BeforeEach
  void serve() throws IOException {
    server = door.serve();
    port = server.address().getPort();
    f.ecs.start();
    Scenes.shop(f);
  }

  @AfterEach
  void close() {
    f.ecs.close();
    server.close();
  }

  private Task describe(String arn) {
    return f.call(
            "DescribeTasks",
            "{\"cluster\":\"shop\",\"tasks\":[\"" + arn + "\"]}",
            DescribeTasksResponse.class)
        .tasks()
        .getFirst();
  }

  private void submit(Principal by, String arn, String rest) {
    var answer =
        f.call(
            by,
            "SubmitTaskStateChange",
            "{\"cluster\":\"arn:aws:ecs:eu-test-1:123456789012:cluster/shop\",\"task\":\""
                + arn
                + "\","
                + rest
                + "}",
            SubmitTaskStateChangeResponse.class);
    assertThat(answer.acknowledgment()).isEqualTo("ok");
  }

  @Test
  void leadsATaskFromItsPayloadToItsEnd() throws InterruptedException {
    try (var host = AgentPeer.host(port, "host")) {
      assertThat(host.next(HostInstancesMessage.class).instances()).isEmpty();
      String arn = String.valueOf(Scenes.task(Scenes.run(f, DEV)).taskArn());
      var instance = host.next(HostInstancesMessage.class).instances().getFirst();
      assertThat(instance.region()).isEqualTo("eu-test-1");

      try (var acs = AgentPeer.commands(port, instance.containerInstanceArn(), "host")) {
        acs.next(HeartbeatMessage.class);
        var manifest = acs.next(TaskManifestMessage.class);
        assertThat(manifest.tasks()).extracting(TaskIdentity::taskArn).containsExactly(arn);
        var payload = acs.next(PayloadMessage.class);
        assertThat(payload.seqNum()).isGreaterThan(manifest.timeline());
        starts(payload.tasks().getFirst(), arn);

        submit(
            Fixture.host(),
            arn,
            "\"status\":\"RUNNING\",\"pullStartedAt\":1795608000.5,\"containers\":[{\"containerName\":\"app\",\"runtimeId\":\"r\",\"status\":\"RUNNING\",\"networkBindings\":[{\"bindIP\":\"0.0.0.0\",\"containerPort\":80,\"hostPort\":32768,\"protocol\":\"tcp\"}]}]");
        Task running = describe(arn);
        assertThat(running.lastStatus()).isEqualTo("RUNNING");
        assertThat(running.startedAt()).isNotNull();
        assertThat(running.pullStartedAt()).isNotNull();
        assertThat(running.containers().getFirst().networkBindings().getFirst().hostPort())
            .isEqualTo(32768);
        health(instance.containerInstanceArn(), arn);
        stops(acs, arn);
      }
    }
  }

  @Test
  void tellsATaskOfAServiceWhoseItIs() throws InterruptedException {
    try (var host = AgentPeer.host(port, "host")) {
      host.next(HostInstancesMessage.class);
      f.call(
          "CreateService",
          "{\"cluster\":\"shop\",\"serviceName\":\"web\",\"taskDefinition\":\"web\",\"desiredCount\":1"
              + DEV
              + "}",
          CreateServiceResponse.class);
      var instance = host.next(HostInstancesMessage.class).instances().getFirst();
      try (var acs = AgentPeer.commands(port, instance.containerInstanceArn(), "host")) {
        PayloadTask task = acs.next(PayloadMessage.class).tasks().getFirst();
        assertThat(task.serviceName()).isEqualTo("web");
        assertThat(task.group()).isEqualTo("service:web");
      }
    }
  }

  private static void starts(PayloadTask task, String arn) {
    assertThat(task.serviceName()).isNull();
    assertThat(task.arn()).isEqualTo(arn);
    assertThat(task.executionRoleCredentials()).isNotNull();
    var container = task.containers().getFirst();
    assertThat(container.image())
        .isEqualTo("127.0.0.1:4566/123456789012/shop/web@" + Fixture.DIGEST);
    assertThat(container.environment()).containsEntry("A", "1");
    assertThat(container.secrets().getFirst().valueFrom()).isEqualTo("/shop/dev/db-password:3");
    assertThat(container.healthCheckType()).isEqualTo("docker");
  }

  /** Follows the journal until an instance's agent is said to listen, or not. */
  private long told(long after, boolean connected) throws InterruptedException {
    long at = after;
    while (f.ecs.journal().await(at, Duration.ofSeconds(60))) {
      for (JournalEvent event : f.ecs.journal().read(at, _ -> true, 100).events()) {
        at = event.number();
        JsonObject shown = event.event();
        if ("ECS Container Instance State Change".equals(shown.string("detail-type"))
            && shown.object("detail").isTrue("agentConnected") == connected) {
          assertThat(shown.object("detail").string("status")).isEqualTo("ACTIVE");
          return at;
        }
      }
    }
    throw new AssertionError("nobody said so");
  }

  @Test
  void tellsWhenAnAgentComesAndGoes() throws InterruptedException {
    long at;
    try (var host = AgentPeer.host(port, "host")) {
      host.next(HostInstancesMessage.class);
      var _ = Scenes.task(Scenes.run(f, DEV));
    }
    at = told(0, false);
    try (var host = AgentPeer.host(port, "host")) {
      host.next(HostInstancesMessage.class);
      assertThat(told(at, true)).isGreaterThan(at);
    }
  }

  private void health(String instance, String arn) throws InterruptedException {
    try (var tacs = AgentPeer.telemetry(port, instance, "host")) {
      tacs.say(
          "Host: x\r\n\r\n"
              + "{\"type\":\"PublishHealthRequest\",\"message\":{\"tasks\":[{\"taskArn\":\""
              + arn
              + "\",\"containers\":[{\"containerName\":\"app\",\"healthStatus\":\"HEALTHY\"}]}]}}");
      tacs.next(AckPublishHealth.class);
      assertThat(describe(arn).healthStatus()).isEqualTo("HEALTHY");
      tacs.say(
          "Host: x\r\n\r\n"
              + "{\"type\":\"PublishMetricsRequest\",\"message\":{\"taskMetrics\":[{\"taskArn\":\""
              + arn
              + "\",\"containerMetrics\":[{\"containerName\":\"app\","
              + "\"cpuStatsSet\":{\"min\":1,\"max\":9,\"sampleCount\":2,\"sum\":10},"
              + "\"memoryStatsSet\":{\"min\":1,\"max\":9,\"sampleCount\":1,\"sum\":64}}]}]}}");
      tacs.next(AckPublishMetric.class);
      var use = f.ecs.daily().use(new Daily.Query("", "", false, null, "", 9));
      // Five percent of the host's two processors.
      assertThat(Json.text(use)).contains("\"cpuPercent\":10,\"memoryMiB\":64", "\"limitMiB\":128");
    }
  }

  private void stops(AgentPeer acs, String arn) throws InterruptedException {
    var _ =
        f.call(
            "StopTask",
            "{\"cluster\":\"shop\",\"task\":\"" + arn + "\",\"reason\":\"enough\"}",
            StopTaskResponse.class);
    assertThat(describe(arn).desiredStatus()).isEqualTo("STOPPED");
    assertThat(acs.next(PayloadMessage.class).tasks().getFirst().desiredStatus())
        .isEqualTo("STOPPED");
    submit(
        Fixture.host(),
        arn,
        "\"status\":\"STOPPED\",\"reason\":\"\",\"containers\":[{\"containerName\":\"app\",\"status\":\"STOPPED\",\"exitCode\":143}]");
    submit(Fixture.host(), arn, "\"status\":\"RUNNING\"");
    Task stopped = describe(arn);
    assertThat(stopped.lastStatus()).isEqualTo("STOPPED");
    assertThat(stopped.stopCode()).isEqualTo("UserInitiated");
    assertThat(stopped.stoppedReason()).isEqualTo("enough");
    assertThat(stopped.containers().getFirst().exitCode()).isEqualTo(143);
    assertThat(f.opened)
        .isNotEmpty()
        .allSatisfy(
            wanted -> {
              assertThat(wanted.tags())
                  .isEqualTo(Map.of("environment", "dev", "holdfast:task", arn));
              assertThat(wanted.policy())
                  .contains("parameter/shop/dev/db-password")
                  .contains("repository/shop/web");
            });
    assertThat(f.kept).hasSameSizeAs(f.opened);
    assertThat(f.ended).hasSameSizeAs(f.opened);
  }

  @Test
  void sendsCredentialsOfLiveTasksAgainToAnAgentThatStartedAnew() throws InterruptedException {
    try (var host = AgentPeer.host(port, "host")) {
      host.next(HeartbeatMessage.class);
      String arn = String.valueOf(Scenes.task(Scenes.run(f, DEV)).taskArn());
      String instance = instance(host);
      String id;
      try (var acs = AgentPeer.commands(port, instance, "host")) {
        var credentials =
            acs.next(PayloadMessage.class).tasks().getFirst().executionRoleCredentials();
        id = credentials == null ? "" : credentials.credentialsId();
      }
      submit(Fixture.host(), arn, "\"status\":\"RUNNING\"");
      try (var acs = reopened(instance)) {
        var message = acs.next(IAMRoleCredentialsMessage.class);
        assertThat(message.roleCredentials().credentialsId()).isEqualTo(id);
        assertThat(message.roleType()).isEqualTo("TaskExecution");
        acs.say(
            AgentFrame.text(
                new TaskStopVerificationMessage(
                    "m",
                    List.of(
                        new TaskIdentity(arn, null, "RUNNING"),
                        new TaskIdentity("arn:gone", null, "RUNNING")))));
        assertThat(acs.next(TaskStopVerificationAck.class).stopTasks())
            .extracting(TaskIdentity::taskArn)
            .containsExactly("arn:gone");
      }
    }
  }

  @Test
  void sessionOfTheLogsMayWriteToTheTasksOwnGroupsAlone() throws InterruptedException {
    Scenes.register(
        f,
        """
        {"family":"talk","executionRoleArn":"%s","containerDefinitions":[
         {"name":"app","image":"127.0.0.1:4566/shop/web:1","memory":64,"logConfiguration":
          {"logDriver":"awslogs","options":{"awslogs-group":"/shop/talk","awslogs-stream-prefix":"a"}}},
         {"name":"quiet","image":"127.0.0.1:4566/shop/web:1","memory":64}]}
        """
            .formatted(Fixture.ROLE));
    try (var host = AgentPeer.host(port, "host")) {
      host.next(HeartbeatMessage.class);
      var _ =
          f.call(
              "RunTask",
              "{\"cluster\":\"shop\",\"taskDefinition\":\"talk\"" + DEV + "}",
              RunTaskResponse.class);
      try (var acs = AgentPeer.commands(port, instance(host), "host")) {
        acs.next(PayloadMessage.class);
        assertThat(acs.next(IAMRoleCredentialsMessage.class).roleType()).isEqualTo("TaskLogs");
      }
    }
    assertThat(f.opened.getLast().policy())
        .contains(
            "\"Action\":[\"logs:CreateLogGroup\",\"logs:CreateLogStream\",\"logs:PutLogEvents\"]")
        .contains(":123456789012:log-group:/shop/talk:*\"]")
        .doesNotContain("ssm:", "ecr:", "quiet");
  }

  private static String instance(AgentPeer host) throws InterruptedException {
    var message = host.next(HostInstancesMessage.class);
    while (message.instances().isEmpty()) {
      message = host.next(HostInstancesMessage.class);
    }
    return message.instances().getFirst().containerInstanceArn();
  }

  /** The server takes a moment to see that the first stream ended. */
  private AgentPeer reopened(String instance) {
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (true) {
      try {
        return AgentPeer.commands(port, instance, "host");
      } catch (RuntimeException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void refusesStreamsOfOthersAndSecondStreams() throws InterruptedException {
    try (var host = AgentPeer.host(port, "host")) {
      host.next(HeartbeatMessage.class);
      assertThatThrownBy(() -> AgentPeer.host(port, "host")).isNotNull();
      assertThatThrownBy(() -> AgentPeer.host(port, "user")).isNotNull();
      String arn = String.valueOf(Scenes.task(Scenes.run(f, DEV)).taskArn());
      String instance = instance(host);
      assertThatThrownBy(() -> AgentPeer.commands(port, instance, "user")).isNotNull();
      assertThatThrownBy(() -> submit(Fixture.user(), arn, "\"status\":\"RUNNING\""))
          .isInstanceOfSatisfying(
              ApiError.class, e -> assertThat(e.code()).isEqualTo("AccessDeniedException"));
    }
  }
}
