// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.agent.ExecEndMessage;
import dev.holdfast.aws.agent.ExecInputMessage;
import dev.holdfast.aws.agent.ExecOutputMessage;
import dev.holdfast.aws.agent.ExecResizeMessage;
import dev.holdfast.aws.agent.ExecTakenMessage;
import dev.holdfast.aws.agent.HostExecuteCommandMessage;
import dev.holdfast.aws.agent.HostInstancesMessage;
import dev.holdfast.aws.ecs.ExecuteCommandResponse;
import dev.holdfast.aws.ecs.Session;
import dev.holdfast.aws.session.ChannelMessage;
import dev.holdfast.http.HttpServer;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What flows through a session when, where one of its peers is slow, or leaves. */
final class ExecFlowTest {
  /** So many bytes of input the host takes at once. */
  private static final int WINDOW = 4;

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

  private Session session(String task) {
    return Objects.requireNonNull(
        f.call(
                "ExecuteCommand",
                "{\"cluster\":\"shop\",\"task\":\""
                    + task
                    + "\",\"command\":\"sh\",\"interactive\":true}",
                ExecuteCommandResponse.class)
            .session());
  }

  /** A session whose client and host are both there, for what they do then. */
  private void between(Talk talk) throws InterruptedException {
    try (var host = AgentPeer.host(port, "host")) {
      host.next(HostInstancesMessage.class);
      Session session = session(ExecuteCommandTest.running(f));
      String id = String.valueOf(session.sessionId());
      try (var client = new PluginPeer(port, id)) {
        client.show(String.valueOf(session.tokenValue()));
        host.next(HostExecuteCommandMessage.class);
        try (var exec = AgentPeer.exec(port, id, "host", WINDOW)) {
          talk.between(client, exec);
        }
      }
    }
  }

  private interface Talk {
    void between(PluginPeer client, AgentPeer exec) throws InterruptedException;
  }

  /** The handshake, until all that the client said of it was heard. */
  private static void shake(PluginPeer client, AgentPeer exec) throws InterruptedException {
    client.shake();
    client.type("x");
    exec.next(ExecInputMessage.class);
  }

  @Test
  void whatIsTypedWaitsForTheCommandToTakeIt() throws InterruptedException {
    between(
        (client, exec) -> {
          shake(client, exec);
          client.type("typed");
          assertThat(exec.next(ExecInputMessage.class).data()).isEqualTo("typed".getBytes(UTF_8));
          ChannelMessage waits = client.writer.data(ChannelMessage.DATA, "more".getBytes(UTF_8));
          client.send(waits);
          client.send(waits); // not acknowledged, so it comes again
          client.send(
              client.writer.data(ChannelMessage.SIZE, "{\"cols\":9,\"rows\":4}".getBytes(UTF_8)));
          exec.next(ExecResizeMessage.class); // which overtakes what waits
          exec.say(output("meanwhile"));
          assertThat(client.next(ChannelMessage.DATA).text()).isEqualTo("meanwhile");
          assertThat(client.taken).contains(waits.sequence() - 1).doesNotContain(waits.sequence());
          exec.say(new ExecTakenMessage(6));
          assertThat(exec.next(ExecInputMessage.class).data()).isEqualTo("more".getBytes(UTF_8));
          client.awaitTaken(waits.sequence());
        });
  }

  @Test
  void aClientThatAcknowledgesNothingGetsAWindowAndNoMore() throws InterruptedException {
    between(
        (client, exec) -> {
          shake(client, exec);
          exec.say(new ExecOutputMessage(new byte[512 * 1024], false));
          ChannelMessage last = client.heard();
          for (int i = 1; i < 16; i++) {
            last = client.heard();
          }
          f.now = f.now.plusSeconds(1);
          assertThat(client.heard().sequence()).isEqualTo(last.sequence() - 15);
          f.now = f.now.plus(Duration.ofMinutes(21));
          client.next(m -> m.type().equals(ChannelMessage.CLOSED));
          exec.awaitClosed();
        });
  }

  private static ExecOutputMessage output(String text) {
    return new ExecOutputMessage(text.getBytes(UTF_8), false);
  }

  @Test
  void outputWaitsForTheHandshake() throws InterruptedException {
    between(
        (client, exec) -> {
          exec.say(output("early"));
          assertThat(client.heard().payloadType()).isEqualTo(ChannelMessage.HANDSHAKE_REQUEST);
          client.send(client.writer.data(ChannelMessage.HANDSHAKE_RESPONSE, "{}".getBytes(UTF_8)));
          assertThat(client.heard().payloadType()).isEqualTo(ChannelMessage.HANDSHAKE_COMPLETE);
          assertThat(client.heard().text()).isEqualTo("early");
        });
  }

  @Test
  void whatTheClientDoesNotTakeComesAgain() throws InterruptedException {
    between(
        (client, exec) -> {
          shake(client, exec);
          exec.say(output("dropped"));
          ChannelMessage first = client.heard();
          f.now = f.now.plusSeconds(1);
          ChannelMessage again = client.heard();
          assertThat(again.text()).isEqualTo("dropped");
          assertThat(again.sequence()).isEqualTo(first.sequence());
          client.acknowledge(again);
          exec.say(output("taken"));
          assertThat(client.heard().text()).isEqualTo("taken");
        });
  }

  @Test
  void theLastWordsArriveBeforeTheEnd() throws InterruptedException {
    between(
        (client, exec) -> {
          shake(client, exec);
          exec.say(output("last words"));
          exec.say(new ExecEndMessage(0, null));
          assertThat(client.heard().text()).isEqualTo("last words");
          f.now = f.now.plusSeconds(1);
          ChannelMessage again = client.heard();
          assertThat(again.text()).isEqualTo("last words");
          client.acknowledge(again);
          assertThat(client.heard().type()).isEqualTo(ChannelMessage.CLOSED);
          client.awaitClosed();
        });
  }

  @Test
  void aHostThatLeftWasHeardToItsLastWord() throws InterruptedException {
    between(
        (client, exec) -> {
          exec.say(output("all"));
          exec.say(new ExecEndMessage(0, null));
          exec.close();
          exec.awaitClosed();
          client.shake();
          assertThat(client.next(ChannelMessage.DATA).text()).isEqualTo("all");
          assertThat(client.next(m -> m.type().equals(ChannelMessage.CLOSED)).text())
              .contains("\"Output\":\"\"");
        });
  }

  @Test
  void whatAClientSaysOnceItsHostHasLeftEndsNothing() throws InterruptedException {
    between(
        (client, exec) -> {
          int all = 100_000; // more than is shown at once
          exec.say(new ExecOutputMessage(new byte[all], false));
          exec.say(new ExecEndMessage(0, null));
          exec.close();
          exec.awaitClosed();
          client.shake();
          client.type("x");
          client.send(
              client.writer.data(ChannelMessage.SIZE, "{\"cols\":9,\"rows\":4}".getBytes(UTF_8)));
          int heard = 0;
          while (heard < all) {
            heard += client.next(ChannelMessage.DATA).payload().length;
          }
          assertThat(client.next(m -> m.type().equals(ChannelMessage.CLOSED)).text())
              .contains("\"Output\":\"\"");
        });
  }

  @Test
  void aClientThatLeavesKeepsNobodyWaiting() throws InterruptedException {
    between(
        (client, exec) -> {
          shake(client, exec);
          exec.say(new ExecOutputMessage(new byte[512 * 1024], false));
          assertThat(client.heard().payload()).isNotEmpty();
          client.close();
          exec.awaitClosed();
        });
  }
}
