// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.aws.agent.AgentMessage;
import dev.holdfast.aws.agent.ExecEndMessage;
import dev.holdfast.aws.agent.ExecInputMessage;
import dev.holdfast.aws.agent.ExecOutputMessage;
import dev.holdfast.aws.agent.ExecResizeMessage;
import dev.holdfast.aws.agent.ExecTakenMessage;
import dev.holdfast.aws.session.ChannelMessage;
import dev.holdfast.aws.session.ChannelWriter;
import dev.holdfast.ecs.port.EcsDependencies;
import dev.holdfast.ecs.state.ExecSession;
import dev.holdfast.http.WebSocketConnection;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The client's end of a session, which speaks as an SSM agent does: nothing is shown before the
 * handshake is complete, what is not acknowledged is sent again, and the end is told when all that
 * came before it has arrived. The lock keeps the messages of its two threads apart, that of the
 * client and that of the host. The host's waits for a client that is slower; the client's waits for
 * nobody, since the acknowledgements come behind what is typed.
 */
final class ExecClient implements ExecSession.End {
  private static final int LARGEST = 4000;

  /** For so long the end waits for the last words to arrive. */
  private static final long LAST_WORDS_SECONDS = 30;

  private final WebSocketConnection socket;
  private final LongSupplier nanos;
  private final ChannelWriter writer;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Unacknowledged unacknowledged = new Unacknowledged();
  private final boolean ours;
  private TypedInput typed = new TypedInput(0);
  private ExecSession.End host = _ -> {};
  private boolean ready;
  private boolean left;
  private long expected;

  /**
   * A client.
   *
   * @param ours whether it is our own command line, which also takes exit codes
   */
  ExecClient(WebSocketConnection socket, EcsDependencies deps, boolean ours) {
    this.socket = socket;
    this.nanos = deps.nanos();
    this.writer = new ChannelWriter(ChannelMessage.OUTPUT, deps.clock(), deps.random());
    this.ours = ours;
  }

  /**
   * Says what kind of session it is.
   *
   * @param end the host's, which is there
   * @param window so many bytes it takes before it says that it took some
   */
  void greet(ExecSession.End end, long window) throws IOException {
    JsonObject action =
        JsonObject.EMPTY
            .with("ActionType", "SessionType")
            .with("ActionParameters", JsonObject.EMPTY.with("SessionType", "Standard_Stream"));
    JsonObject request =
        JsonObject.EMPTY
            .with("AgentVersion", "3.3.0.0")
            .with("RequestedClientActions", new JsonArray(List.of(action)));
    lock.lock();
    try {
      host = end;
      typed = new TypedInput(window);
      send(writer.data(ChannelMessage.HANDSHAKE_REQUEST, request));
    } finally {
      lock.unlock();
    }
  }

  private void welcome() throws IOException {
    JsonObject complete =
        JsonObject.EMPTY.with("HandshakeTimeToComplete", 0).with("CustomerMessage", "");
    lock.lock();
    try {
      if (!ready) {
        send(writer.data(ChannelMessage.HANDSHAKE_COMPLETE, complete));
        ready = true;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Under the lock. */
  private void send(ChannelMessage message) throws IOException {
    unacknowledged.sent(message, nanos.getAsLong());
    socket.send(message.bytes());
  }

  /** Sends again what the client does not acknowledge. */
  void remind() throws IOException {
    lock.lock();
    try {
      Optional<ChannelMessage> again = unacknowledged.again(nanos.getAsLong());
      if (again.isPresent()) {
        socket.send(again.get().bytes());
      }
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
          show(type, Arrays.copyOfRange(data, from, Math.min(data.length, from + LARGEST)));
        }
      }
      case ExecEndMessage(var exitCode, var reason) -> {
        if (ours && exitCode != null) {
          show(
              ChannelMessage.EXIT_CODE,
              ByteBuffer.allocate(Integer.BYTES).putInt(exitCode).array());
        }
        lock.lock();
        try {
          await(() -> ready && unacknowledged.isEmpty(), LAST_WORDS_SECONDS);
        } finally {
          lock.unlock();
        }
        close(reason == null ? "" : reason);
      }
      case ExecTakenMessage(var bytes) -> {
        lock.lock();
        try {
          typed.taken(bytes);
          passOn();
        } finally {
          lock.unlock();
        }
      }
      default -> {}
    }
  }

  /** Gives the host what it has room for, under the lock. */
  private void passOn() throws IOException {
    for (var next = typed.next(); next.isPresent(); next = typed.next()) {
      host.take(new ExecInputMessage(next.get().payload()));
      socket.send(writer.acknowledge(next.get()).bytes());
    }
  }

  /**
   * Sends a piece of output once there is room for it. A client may take as long as its session may
   * be silent.
   */
  private void show(int type, byte[] piece) throws IOException {
    lock.lock();
    try {
      await(() -> ready && !unacknowledged.isFull(), Long.MAX_VALUE);
      if (left) {
        throw new IOException("the client has left");
      }
      send(writer.data(type, piece));
    } finally {
      lock.unlock();
    }
  }

  /** Waits, under the lock, for a change of the client; one that has left changes no more. */
  private void await(BooleanSupplier wanted, long seconds) throws IOException {
    long rest = TimeUnit.SECONDS.toNanos(seconds);
    try {
      while (!left && !wanted.getAsBoolean() && rest > 0) {
        rest = changed.awaitNanos(rest);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
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

  /** Says that nobody hears the client any more, so that nobody waits for it. */
  void leave() {
    lock.lock();
    try {
      left = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
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

  /**
   * Acknowledges a message, and says what it asks for; one that comes twice asks once. What is
   * typed goes to the host from here.
   */
  Asked hear(byte[] bytes) throws IOException {
    ChannelMessage message = ChannelMessage.read(bytes).orElse(null);
    if (message != null && message.type().equals(ChannelMessage.ACKNOWLEDGE)) {
      acknowledged(message.text());
    }
    if (message == null || !message.type().equals(ChannelMessage.INPUT)) {
      return new Asked.Nothing();
    }
    if (message.sequence() > expected) {
      return new Asked.Nothing(); // the one before it comes first, or comes again
    }
    boolean first = message.sequence() == expected;
    lock.lock();
    try {
      if (first && message.payloadType() == ChannelMessage.DATA) {
        type(message);
        return new Asked.Nothing();
      }
      if (!typed.holds(message.sequence())) {
        socket.send(writer.acknowledge(message).bytes());
      }
    } finally {
      lock.unlock();
    }
    if (!first) {
      return new Asked.Nothing();
    }
    expected++;
    return asked(message);
  }

  /** Under the lock. */
  private void type(ChannelMessage message) throws IOException {
    if (typed.isOver()) {
      expected++;
      socket.send(writer.acknowledge(message).bytes());
    } else if (!typed.isFull()) {
      expected++;
      typed.add(message);
      passOn();
    }
  }

  private void acknowledged(String json) {
    Long sequence = object(json).integer("AcknowledgedMessageSequenceNumber");
    if (sequence == null) {
      return;
    }
    lock.lock();
    try {
      unacknowledged.acknowledged(sequence, nanos.getAsLong());
      changed.signalAll();
    } finally {
      lock.unlock();
    }
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
      default -> new Asked.Nothing();
    };
  }

  private static Optional<ExecResizeMessage> size(String json) {
    JsonObject object = object(json);
    int columns = side(object.integer("cols"));
    int rows = side(object.integer("rows"));
    return columns == 0 || rows == 0
        ? Optional.empty()
        : Optional.of(new ExecResizeMessage(columns, rows));
  }

  private static JsonObject object(String json) {
    try {
      return Json.parseObject(json);
    } catch (Json.MalformedJson _) {
      return JsonObject.EMPTY;
    }
  }

  private static int side(@Nullable Long given) {
    return given == null || given < 1 || given > 10_000 ? 0 : given.intValue();
  }
}
