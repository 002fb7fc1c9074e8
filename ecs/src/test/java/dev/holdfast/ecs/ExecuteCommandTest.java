// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.agent.ExecEndMessage;
import dev.holdfast.aws.agent.ExecInputMessage;
import dev.holdfast.aws.agent.ExecOutputMessage;
import dev.holdfast.aws.agent.ExecResizeMessage;
import dev.holdfast.aws.agent.HostExecuteCommandMessage;
import dev.holdfast.aws.ecs.DescribeTasksResponse;
import dev.holdfast.aws.ecs.ExecuteCommandResponse;
import dev.holdfast.aws.ecs.Session;
import dev.holdfast.aws.ecs.StopTaskResponse;
import dev.holdfast.aws.ecs.SubmitTaskStateChangeResponse;
import dev.holdfast.aws.session.ChannelMessage;
import dev.holdfast.http.HttpServer;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions with containers, from the request to their end, with both peers played by the test. */
final class ExecuteCommandTest {
  private static final String ON =
      ",\"enableExecuteCommand\":true,\"tags\":[{\"key\":\"environment\",\"value\":\"dev\"}]";

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

  /** A task that runs, as far as the platform was told. */
  private String running(String more) {
    return running(f, more);
  }

  /** A task that may be gone into, and runs. */
  static String running(Fixture f) {
    return running(f, ON);
  }

  private static String running(Fixture f, String more) {
    String arn = String.valueOf(Scenes.task(Scenes.run(f, more)).taskArn());
    var _ =
        f.call(
            Fixture.host(),
            "SubmitTaskStateChange",
            "{\"cluster\":\"arn:aws:ecs:eu-test-1:123456789012:cluster/shop\",\"task\":\""
                + arn
                + "\",\"status\":\"RUNNING\",\"containers\":[{\"containerName\":\"app\",\"runtimeId\":\"r\",\"status\":\"RUNNING\"}]}",
            SubmitTaskStateChangeResponse.class);
    return arn;
  }

  private ExecuteCommandResponse execute(String arn, String more) {
    return f.call(
        "ExecuteCommand",
        "{\"cluster\":\"shop\",\"task\":\"" + arn + "\",\"command\":\"sh -c 'a b'\"" + more + "}",
        ExecuteCommandResponse.class);
  }

  private Session session(String arn) {
    return Objects.requireNonNull(execute(arn, ",\"interactive\":true").session());
  }

  private static void refused(String code, String text, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(ApiError.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(text);
  }

  @Test
  void connectsAClientWithACommandUntilItEnds() throws InterruptedException {
    try (var host = AgentPeer.host(port, "host")) {
      host.next(dev.holdfast.aws.agent.HostInstancesMessage.class);
      String arn = running(ON);
      Session session = session(arn);
      String id = String.valueOf(session.sessionId());
      assertThat(session.streamUrl())
          .isEqualTo("ws://127.0.0.1:4566/v1/data-channel/" + id + "?role=publish_subscribe");
      assertThat(session.toString()).doesNotContain(String.valueOf(session.tokenValue()));
      try (var client = new PluginPeer(port, id)) {
        client.show(String.valueOf(session.tokenValue()));
        var asked = host.next(HostExecuteCommandMessage.class);
        assertThat(asked.command()).containsExactly("sh", "-c", "a b");
        assertThat(asked.containerName()).isEqualTo("app");
        assertThat(asked.terminal()).isTrue();
        try (var exec = AgentPeer.exec(port, id, "host")) {
          assertThat(client.next(ChannelMessage.HANDSHAKE_REQUEST).text())
              .contains("Standard_Stream");
          client.send(client.writer.data(ChannelMessage.HANDSHAKE_RESPONSE, "{}".getBytes(UTF_8)));
          client.next(ChannelMessage.HANDSHAKE_COMPLETE);
          client.send(
              client.writer.data(
                  ChannelMessage.SIZE, "{\"cols\":100,\"rows\":40}".getBytes(UTF_8)));
          assertThat(exec.next(ExecResizeMessage.class)).isEqualTo(new ExecResizeMessage(100, 40));
          ChannelMessage typed = client.writer.data(ChannelMessage.DATA, "ls\r".getBytes(UTF_8));
          client.send(typed);
          client.send(typed); // as a plugin does whose acknowledgement was late
          assertThat(exec.next(ExecInputMessage.class).data()).isEqualTo("ls\r".getBytes(UTF_8));
          client.type("x");
          assertThat(exec.next(ExecInputMessage.class).data()).isEqualTo("x".getBytes(UTF_8));
          exec.say(new ExecOutputMessage("file\r\n".getBytes(UTF_8), false));
          assertThat(client.next(ChannelMessage.DATA).text()).isEqualTo("file\r\n");
          exec.say(new ExecEndMessage(0, null));
          client.next(m -> m.type().equals(ChannelMessage.CLOSED));
          client.awaitClosed();
        }
      }
    }
  }

  @Test
  void aClientElsewhereIsToldWhereItReachesThePlatform() throws InterruptedException {
    try (var host = AgentPeer.host(port, "host")) {
      host.next(dev.holdfast.aws.agent.HostInstancesMessage.class);
      String arn = running(ON);
      assertThat(session(arn).streamUrl()).startsWith("ws://127.0.0.1:4566/v1/data-channel/");
      f.outward = List.of("192.0.2.10:4567", "[2001:db8::1]:4567");
      assertThat(session(arn).streamUrl()).startsWith("wss://192.0.2.10:4567/v1/data-channel/");
    }
  }

  @Test
  void aTokenIsGoodOnceAndForItsSessionAlone() throws InterruptedException {
    try (var host = AgentPeer.host(port, "host")) {
      host.next(dev.holdfast.aws.agent.HostInstancesMessage.class);
      String arn = running(ON);
      Session session = session(arn);
      String token = String.valueOf(session.tokenValue());
      try (var other = new PluginPeer(port, "ecs-execute-command-0");
          var wrong = new PluginPeer(port, String.valueOf(session.sessionId()));
          var right = new PluginPeer(port, String.valueOf(session.sessionId()));
          var late = new PluginPeer(port, String.valueOf(session.sessionId()))) {
        other.show(token);
        other.awaitClosed();
        wrong.show(token + "0");
        wrong.awaitClosed();
        right.show(token);
        host.next(HostExecuteCommandMessage.class);
        late.show(token);
        late.awaitClosed();
      }
    }
  }

  @Test
  void itEndsWithItsTaskAndWithTheKeyThatOpenedIt() throws InterruptedException {
    try (var host = AgentPeer.host(port, "host")) {
      host.next(dev.holdfast.aws.agent.HostInstancesMessage.class);
      String arn = running(ON);
      for (boolean task : new boolean[] {false, true}) {
        Session session = session(arn);
        String id = String.valueOf(session.sessionId());
        try (var client = new PluginPeer(port, id)) {
          client.show(String.valueOf(session.tokenValue()));
          host.next(HostExecuteCommandMessage.class);
          try (var exec = AgentPeer.exec(port, id, "host")) {
            client.next(ChannelMessage.HANDSHAKE_REQUEST);
            if (task) {
              var _ =
                  f.call(
                      "StopTask",
                      "{\"cluster\":\"shop\",\"task\":\"" + arn + "\"}",
                      StopTaskResponse.class);
              f.call(
                  Fixture.host(),
                  "SubmitTaskStateChange",
                  "{\"cluster\":\"arn:aws:ecs:eu-test-1:123456789012:cluster/shop\",\"task\":\""
                      + arn
                      + "\",\"status\":\"STOPPED\"}",
                  SubmitTaskStateChangeResponse.class);
            } else {
              door.gone.add("user");
            }
            f.now = f.now.plusSeconds(3);
            client.next(m -> m.type().equals(ChannelMessage.CLOSED));
            client.awaitClosed();
            exec.awaitClosed();
            door.gone.clear();
          }
        }
      }
    }
  }

  @Test
  void refusesWhatCannotBe() throws InterruptedException {
    String off = "execute command was not enabled when the task was run";
    String yes = ",\"interactive\":true";
    try (var host = AgentPeer.host(port, "host")) {
      host.next(dev.holdfast.aws.agent.HostInstancesMessage.class);
      String plain = running(ON.replace("true", "false"));
      refused("InvalidParameterException", off, () -> execute(plain, yes));
      String arn = running(ON);
      refused(
          "InvalidParameterException",
          "Interactive is the only mode",
          () -> execute(arn, ",\"interactive\":false"));
      refused(
          "InvalidParameterException",
          "container name provided was not found",
          () -> execute(arn, yes + ",\"container\":\"none\""));
      refused(
          "InvalidParameterException",
          "The referenced task was not found.",
          () -> execute("0".repeat(32), yes));
      // The host's stream is judged again meanwhile, by a thread of its own.
      assertThat(f.demands)
          .extracting(d -> d.action())
          .filteredOn(action -> !action.equals("ecs:Poll"))
          .isNotEmpty()
          .containsOnly("ecs:ExecuteCommand");
      var task =
          f.call(
                  "DescribeTasks",
                  "{\"cluster\":\"shop\",\"tasks\":[\"" + arn + "\"]}",
                  DescribeTasksResponse.class)
              .tasks()
              .getFirst();
      assertThat(task.enableExecuteCommand()).isTrue();
      var agent = task.containers().getFirst().managedAgents().getFirst();
      assertThat(agent.name()).isEqualTo("ExecuteCommandAgent");
      assertThat(agent.lastStatus()).isEqualTo("RUNNING");
    }
  }

  @Test
  void oneEnvironmentIsNotLetIntoATaskOfAnother() throws InterruptedException {
    try (var host = AgentPeer.host(port, "host")) {
      host.next(dev.holdfast.aws.agent.HostInstancesMessage.class);
      String arn = running(ON);
      String json =
          "{\"cluster\":\"shop\",\"task\":\"" + arn + "\",\"command\":\"sh\",\"interactive\":true}";
      refused(
          "AccessDeniedException",
          "environment-leak",
          () ->
              f.call(Fixture.userOf("prod"), "ExecuteCommand", json, ExecuteCommandResponse.class));
      assertThat(
              f.call(Fixture.userOf("dev"), "ExecuteCommand", json, ExecuteCommandResponse.class)
                  .session())
          .isNotNull();
    }
  }

  @Test
  void thoseOfOneTaskAreBounded() throws InterruptedException {
    try (var host = AgentPeer.host(port, "host")) {
      host.next(dev.holdfast.aws.agent.HostInstancesMessage.class);
      String arn = running(ON);
      for (int i = 0; i < 16; i++) {
        session(arn);
      }
      refused("ClientException", "too many sessions", () -> session(arn));
      f.now = f.now.plusSeconds(61);
      session(arn); // those that nobody came for are forgotten
    }
  }

  @Test
  void thoseOfOneAccountLeaveRoomForOthers() throws InterruptedException {
    try (var host = AgentPeer.host(port, "host")) {
      host.next(dev.holdfast.aws.agent.HostInstancesMessage.class);
      for (int task = 0; task < 4; task++) {
        String arn = running(ON);
        for (int i = 0; i < 16; i++) {
          session(arn);
        }
      }
      String fifth = running(ON);
      refused("ClientException", "too many sessions", () -> session(fifth));
      f.now = f.now.plusSeconds(61);
      session(fifth);
    }
  }
}
