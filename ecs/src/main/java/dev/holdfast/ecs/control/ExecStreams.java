// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.aws.agent.AgentFrame;
import dev.holdfast.aws.agent.AgentMessage;
import dev.holdfast.aws.agent.ExecEndMessage;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.port.EcsDependencies;
import dev.holdfast.ecs.state.Connections;
import dev.holdfast.ecs.state.ExecSession;
import dev.holdfast.ecs.state.ExecSessions;
import dev.holdfast.http.Exchange;
import dev.holdfast.http.WebSocketConnection;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Door;
import dev.holdfast.store.StoreUnavailable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Both websockets of a session of {@code ExecuteCommand}: the client's, which shows the session's
 * token in its first message, and the host's. A session ends with its command, its task, either
 * socket, twenty minutes of silence, and when whoever opened it would not be let in any more.
 */
final class ExecStreams {
  private static final System.Logger LOG = System.getLogger("ecs.exec");
  private static final Duration HELLO = Duration.ofSeconds(10);
  private static final Duration SOCKET_IDLE = Duration.ofMinutes(30);

  /** As on AWS. */
  static final Duration IDLE = Duration.ofMinutes(20);

  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final long HOST_MILLIS = 15_000;
  private static final String PATH = "/v1/data-channel/";

  private final EcsDependencies deps;
  private final Door door;
  private final ExecSessions sessions;
  private final Signals signals;
  private final Semaphore strangers = new Semaphore(64);

  ExecStreams(EcsDependencies deps, Door door, ExecSessions sessions, Signals signals) {
    this.deps = deps;
    this.door = door;
    this.sessions = sessions;
    this.signals = signals;
  }

  /** Serves a client. What it may do is in the token, which its first message shows. */
  void client(Exchange exchange) throws IOException {
    String path = exchange.rawPath();
    if (!path.startsWith(PATH) || !"GET".equals(exchange.method())) {
      exchange.respond(404, List.of(), new byte[0]);
      return;
    }
    String id = path.substring(PATH.length());
    exchange.upgrade(SOCKET_IDLE, socket -> client(socket, id));
  }

  /** The first message; strangers may wait for so many only, and nobody for long. */
  private Optional<WebSocketConnection.Message> first(WebSocketConnection socket)
      throws IOException, InterruptedException {
    if (!strangers.tryAcquire()) {
      return Optional.empty();
    }
    try {
      return socket.next(HELLO);
    } finally {
      strangers.release();
    }
  }

  private void client(WebSocketConnection socket, String id) throws InterruptedException {
    try {
      Optional<WebSocketConnection.Message> first = first(socket);
      JsonObject hello = hello(first.orElse(null));
      String token = hello == null ? null : hello.string("TokenValue");
      if (hello == null || token == null) {
        socket.close(1008, "the first message shows the session's token");
        return;
      }
      boolean ours = hello.get("HoldfastTerminal") != null;
      boolean terminal = !ours || hello.isTrue("HoldfastTerminal");
      var client = new ExecClient(socket, deps, ours);
      ExecSession session = sessions.claim(id, token, terminal, client).orElse(null);
      if (session == null) {
        socket.close(1008, "the token is not of an open session");
        return;
      }
      try {
        serve(socket, session, client);
      } finally {
        client.leave();
        sessions.end(session);
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "a session ended: {0}", e.getMessage());
    }
  }

  private static @Nullable JsonObject hello(WebSocketConnection.@Nullable Message message) {
    try {
      return switch (message) {
        case WebSocketConnection.Message.Text(var text) -> Json.parseObject(text);
        case null, default -> null;
      };
    } catch (Json.MalformedJson _) {
      return null;
    }
  }

  private void serve(WebSocketConnection socket, ExecSession session, ExecClient client)
      throws IOException, InterruptedException {
    signals.wake(Connections.host(session.asked().host()));
    if (!session.awaitHost(HOST_MILLIS) || session.isOver()) {
      client.close("The host of the task did not answer.");
      return;
    }
    client.greet(session::toHost, session.window());
    long looked = deps.nanos().getAsLong() - LOOK.toNanos();
    while (socket.isOpen() && !session.isOver()) {
      Optional<WebSocketConnection.Message> next = socket.next(Unacknowledged.FIRST);
      if (next.isPresent() && next.get() instanceof WebSocketConnection.Message.Binary(var bytes)) {
        switch (client.hear(bytes)) {
          case ExecClient.Asked.ForHost(var message) -> session.toHost(message);
          case ExecClient.Asked.End() -> {
            return;
          }
          case ExecClient.Asked.Nothing() -> {}
        }
      }
      client.remind();
      long now = deps.nanos().getAsLong();
      if (now - looked >= LOOK.toNanos()) {
        looked = now;
        String end = ending(session, deps.clock().instant());
        if (end != null) {
          client.close(end);
          return;
        }
      }
    }
  }

  /** Why a session may not go on, or null. */
  private @Nullable String ending(ExecSession session, Instant now) {
    if (session.idle().compareTo(IDLE) > 0) {
      return "The session timed out due to inactivity.";
    }
    try {
      if (door.again(session.asked().call(), now).isEmpty()) {
        return "The credentials that opened the session are not valid any more.";
      }
      Task.Key key = session.asked().task();
      Task task = deps.state().read(view -> view.get(EcsTables.TASKS, key.account(), key));
      return task == null || !task.live() ? "The task has stopped." : null;
    } catch (StoreUnavailable _) {
      return "The platform ends.";
    }
  }

  /** Serves the host's end of a session, once it was let in. */
  void host(WebSocketConnection socket, ExecSession session, long window, BooleanSupplier lasts)
      throws InterruptedException {
    ExecSession.End end = message -> tell(socket, message);
    if (!session.join(end, window)) {
      socket.close(1008, "the session is over");
      return;
    }
    try {
      // A socket that is closed may still hold what its host said before; then it throws.
      while (!session.isOver() && lasts.getAsBoolean()) {
        Optional<String> frame = socket.receive(LOOK);
        if (frame.isEmpty() && !socket.isOpen()) {
          return; // all of it was heard
        }
        if (frame.isPresent() && !pass(session, AgentFrame.read(frame.get()))) {
          return;
        }
      }
    } catch (IOException | Json.MalformedJson e) {
      LOG.log(System.Logger.Level.DEBUG, "the host left a session: {0}", e.getMessage());
    } finally {
      tellEnd(session);
      session.end();
    }
  }

  /** Tells the host; one that has left is told nothing, and heard to its end by its own thread. */
  private static void tell(WebSocketConnection socket, AgentMessage message) throws IOException {
    try {
      socket.send(AgentFrame.text(message));
    } catch (IOException e) {
      if (socket.isOpen()) {
        throw e;
      }
    }
  }

  /** Passes on what the host says; false after the last word. */
  private boolean pass(ExecSession session, @Nullable AgentMessage message) throws IOException {
    if (message instanceof ExecEndMessage) {
      session.toClient(message);
      return false;
    }
    if (message != null) {
      session.toClient(message);
    }
    return true;
  }

  /** A client that was told of an end already has closed its socket. */
  private void tellEnd(ExecSession session) {
    try {
      session.toClient(new ExecEndMessage(null, "The session's host has left."));
    } catch (IOException _) {
      // it knows
    }
  }
}
