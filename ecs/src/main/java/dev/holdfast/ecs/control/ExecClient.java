// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.aws.agent.AgentMessage;
import dev.holdfast.aws.agent.ExecEndMessage;
import dev.holdfast.aws.agent.ExecInputMessage;
import dev.holdfast.aws.agent.ExecOutputMessage;
import dev.holdfast.aws.agent.ExecResizeMessage;
import dev.holdfast.aws.session.ChannelMessage;
import dev.holdfast.aws.session.ChannelWriter;
import dev.holdfast.ecs.state.ExecSession;
import dev.holdfast.http.WebSocketConnection;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The client's end of a session, which speaks as an SSM agent does. The lock keeps the messages of
 * its two threads apart, that of the client and that of the host.
 */
final class ExecClient implements ExecSession.End {
  private static final int LARGEST = 4000;

  private final WebSocketConnection socket;
  private final InstantSource clock;
  private final ChannelWriter writer;
  private final ReentrantLock lock = new ReentrantLock();
  private final boolean ours;
  private long expected;

  /**
   * A client.
   *
   * @param ours whether it is our own command line, which also takes exit codes
   */
  ExecClient(
      WebSocketConnection socket, InstantSource clock, RandomGenerator random, boolean ours) {
    this.socket = socket;
    this.clock = clock;
    this.writer = new ChannelWriter(ChannelMessage.OUTPUT, clock, random);
    this.ours = ours;
  }

  /** Says what kind of session it is. */
  void greet() throws IOException {
    JsonObject action =
        JsonObject.EMPTY
            .with("ActionType", "SessionType")
            .with("ActionParameters", JsonObject.EMPTY.with("SessionType", "Standard_Stream"));
    say(
        ChannelMessage.HANDSHAKE_REQUEST,
        Json.bytes(
            JsonObject.EMPTY
                .with("AgentVersion", "3.3.0.0")
                .with("RequestedClientActions", new JsonArray(List.of(action)))));
  }

  private void welcome() throws IOException {
    say(
        ChannelMessage.HANDSHAKE_COMPLETE,
        Json.bytes(
            JsonObject.EMPTY.with("HandshakeTimeToComplete", 0).with("CustomerMessage", "")));
  }

  private void say(int payloadType, byte[] payload) throws IOException {
    lock.lock();
    try {
      socket.send(writer.data(payloadType, payload).bytes());
    } finally {
      lock.unlock();
    }
  }

  /** What the host's command writes, and its end. */
  @Override
  public void take(AgentMessage message) throws IOException {
    switch (message) {
      case ExecOutputMessage(var data, var error) -> {
        int type = error && ours ? ChannelMessage.ERROR_DATA : ChannelMessage.DATA;
        for (int from = 0; from < data.length; from += LARGEST) {
          int to = Math.min(data.length, from + LARGEST);
          say(type, java.util.Arrays.copyOfRange(data, from, to));
        }
      }
      case ExecEndMessage(var exitCode, var reason) -> {
        if (ours && exitCode != null) {
          say(ChannelMessage.EXIT_CODE, ByteBuffer.allocate(4).putInt(exitCode).array());
        }
        close(reason == null ? "" : reason);
      }
      default -> {}
    }
  }

  /** Tells the client that it is over, and why. */
  void close(String why) throws IOException {
    lock.lock();
    try {
      socket.send(writer.closed("", why).bytes());
    } finally {
      lock.unlock();
    }
    socket.close(1000, "");
  }

  /** What a message of the client asks for. */
  sealed interface Asked {
    /** Something for the host. */
    record ForHost(AgentMessage message) implements Asked {}

    /** The end. */
    record End() implements Asked {}

    /** Nothing of interest. */
    record Nothing() implements Asked {}
  }

  /** Acknowledges a message, and says what it asks for; one that comes twice asks once. */
  Asked hear(byte[] bytes) throws IOException {
    ChannelMessage message = ChannelMessage.read(bytes).orElse(null);
    if (message == null || !message.type().equals(ChannelMessage.INPUT)) {
      return new Asked.Nothing();
    }
    if (message.sequence() > expected) {
      return new Asked.Nothing(); // the one before it comes first, or comes again
    }
    lock.lock();
    try {
      socket.send(writer.acknowledge(message).bytes());
    } finally {
      lock.unlock();
    }
    if (message.sequence() < expected) {
      return new Asked.Nothing();
    }
    expected++;
    return asked(message);
  }

  private Asked asked(ChannelMessage message) throws IOException {
    return switch (message.payloadType()) {
      case ChannelMessage.HANDSHAKE_RESPONSE -> {
        welcome();
        yield new Asked.Nothing();
      }
      case ChannelMessage.SIZE ->
          size(message.text()).<Asked>map(Asked.ForHost::new).orElseGet(Asked.Nothing::new);
      case ChannelMessage.FLAG ->
          message.payload().length == 4
                  && ByteBuffer.wrap(message.payload()).getInt() == ChannelMessage.TERMINATE
              ? new Asked.End()
              : new Asked.Nothing();
      case ChannelMessage.DATA -> new Asked.ForHost(new ExecInputMessage(message.payload()));
      default -> new Asked.Nothing();
    };
  }

  private static Optional<ExecResizeMessage> size(String json) {
    JsonObject object;
    try {
      object = Json.parseObject(json);
    } catch (Json.MalformedJson _) {
      return Optional.empty();
    }
    int columns = side(object.integer("cols"));
    int rows = side(object.integer("rows"));
    return columns == 0 || rows == 0
        ? Optional.empty()
        : Optional.of(new ExecResizeMessage(columns, rows));
  }

  private static int side(@Nullable Long given) {
    return given == null || given < 1 || given > 10_000 ? 0 : given.intValue();
  }

  InstantSource clock() {
    return clock;
  }
}
