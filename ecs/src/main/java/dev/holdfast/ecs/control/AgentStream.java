// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.aws.agent.AgentFrame;
import dev.holdfast.aws.agent.AgentMessage;
import dev.holdfast.http.WebSocketConnection;
import dev.holdfast.kit.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * The two threads of a stream to an agent: one reads what the agent says, one sends what is due
 * when it is woken and at every heartbeat.
 */
final class AgentStream {
  private static final System.Logger LOG = System.getLogger("ecs.agent");
  private static final Duration POLL = Duration.ofSeconds(5);

  /** What a stream does with what it hears, and what it tells. */
  interface Script {
    /** Whether the peer may still be told; asked every few seconds and before each word. */
    default boolean lasts() {
      return true;
    }

    /** Sends what is due of what it was woken for; false ends the stream. */
    boolean tell(Signals.Woken woken) throws IOException;

    /** Takes a message from the agent. */
    void hear(AgentMessage message) throws IOException;
  }

  /** A script that goes on for as long as its peer may be told. */
  record Lasting(Script script, BooleanSupplier allowed) implements Script {
    @Override
    public boolean lasts() {
      return allowed.getAsBoolean();
    }

    @Override
    public boolean tell(Signals.Woken woken) throws IOException {
      return lasts() && script.tell(woken);
    }

    @Override
    public void hear(AgentMessage message) throws IOException {
      script.hear(message);
    }
  }

  private AgentStream() {}

  /**
   * Serves a stream until either side ends it. What the agent said before it left is heard, also
   * where its socket is closed by then; what it says after the platform's end is not.
   */
  static void serve(
      String name, WebSocketConnection socket, Outbox outbox, Signals signals, Script script)
      throws InterruptedException {
    var ended = new AtomicBoolean();
    Thread teller =
        Thread.ofVirtual()
            .name("ecs-tell")
            .start(() -> tell(name, socket, outbox, signals, script, ended));
    try {
      while (!ended.get() && !outbox.silent() && script.lasts()) {
        var frame = socket.receive(POLL);
        if (frame.isEmpty() && !socket.isOpen()) {
          return; // all of it was heard
        }
        if (frame.isPresent()) {
          outbox.heard();
          hear(name, frame.get(), script);
        }
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "the stream {0} ended: {1}", name, e.getMessage());
    } finally {
      socket.close(1001, "");
      signals.wake(name);
      teller.interrupt();
      teller.join();
    }
  }

  private static void hear(String name, String frame, Script script) throws IOException {
    try {
      AgentMessage message = AgentFrame.read(frame);
      if (message != null) {
        script.hear(message);
      }
    } catch (Json.MalformedJson e) {
      LOG.log(
          System.Logger.Level.WARNING, "the stream {0} sent no message: {1}", name, e.getMessage());
    }
  }

  /** Sets {@code ended} before it closes the socket on the platform's own account. */
  private static void tell(
      String name,
      WebSocketConnection socket,
      Outbox outbox,
      Signals signals,
      Script script,
      AtomicBoolean ended) {
    try {
      signals.expect(name); // before the first look, so that nothing rings unheard after it
      var woken = Signals.Woken.ALL;
      while (socket.isOpen()) {
        // However often it is woken for some tasks: time alone changes something of the others.
        boolean beaten = outbox.beat();
        if (!script.tell(beaten ? Signals.Woken.ALL : woken)) {
          ended.set(true);
          socket.close(1000, "");
          return;
        }
        woken = signals.await(name, Outbox.BEAT);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      socket.close(1001, "");
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "the stream " + name + " failed", e);
      ended.set(true);
      socket.close(1011, "");
    }
  }
}
