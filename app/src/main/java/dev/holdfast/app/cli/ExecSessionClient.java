// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import dev.holdfast.aws.session.ChannelMessage;
import dev.holdfast.aws.session.ChannelWriter;
import dev.holdfast.kit.Ids;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Printable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The client of a session with a container: this terminal, or whatever is piped in and out. */
final class ExecSessionClient {
  private static final Duration CONNECT = Duration.ofSeconds(15);
  private static final Duration SEND = Duration.ofSeconds(30);
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final int PIECE = 1024;

  /** So many pieces are typed ahead of what the command took. */
  private static final int TYPED = 32;

  /** So many messages wait here while nobody reads what is shown; the platform sends fewer. */
  private static final int SHOWN = 128;

  private static final int LONGEST = 1024 * 1024;
  private static final int LONGEST_REASON = 1024;

  private final HttpClient http;
  private final InstantSource clock;
  private final RandomGenerator random;

  ExecSessionClient(HttpClient http, InstantSource clock, RandomGenerator random) {
    this.http = http;
    this.clock = clock;
    this.random = random;
  }

  private sealed interface Received {
    record Message(ChannelMessage message) implements Received {}

    record End() implements Received {}
  }

  /** Runs the session to its end, and returns the command's exit code. */
  int run(URI url, String token, boolean terminal) throws IOException, InterruptedException {
    BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    WebSocket socket = connect(url, received);
    var link = new Link(socket, new ChannelWriter(ChannelMessage.INPUT, clock, random));
    try {
      link.text(
          Json.text(
              JsonObject.EMPTY
                  .with("MessageSchemaVersion", "1.0")
                  .with("RequestId", Ids.uuid(random))
                  .with("TokenValue", token)
                  .with("ClientId", Ids.uuid(random))
                  .with("ClientVersion", "1.2.0.0")
                  .with("HoldfastTerminal", terminal)));
      if (!terminal) {
        return talk(link, received, false);
      }
      try (Terminal _ = Terminal.raw()) {
        return talk(link, received, true);
      }
    } finally {
      socket.abort();
    }
  }

  private WebSocket connect(URI url, BlockingQueue<Received> received)
      throws IOException, InterruptedException {
    try {
      return http.newWebSocketBuilder()
          .connectTimeout(CONNECT)
          .buildAsync(url, new Listener(received))
          .get(CONNECT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the platform opens no data channel", e);
    }
  }

  private static int talk(Link link, BlockingQueue<Received> received, boolean terminal)
      throws IOException, InterruptedException {
    Integer exitCode = null;
    Terminal.Size shown = null;
    long expected = 0;
    boolean typing = false;
    while (true) {
      Received next = received.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
      if (next instanceof Received.End) {
        return exitCode == null ? 1 : exitCode;
      }
      if (next instanceof Received.Message(var message)) {
        link.more();
        if (message.type().equals(ChannelMessage.ACKNOWLEDGE)) {
          link.acknowledged(message);
        }
        if (message.type().equals(ChannelMessage.CLOSED)) {
          return ended(message, exitCode);
        }
        if (!message.type().equals(ChannelMessage.OUTPUT)) {
          continue;
        }
        if (message.sequence() > expected) {
          continue; // the one before it comes again
        }
        link.binary(link.writer.acknowledge(message));
        if (message.sequence() < expected) {
          continue;
        }
        expected++;
        switch (message.payloadType()) {
          case ChannelMessage.HANDSHAKE_REQUEST -> shake(link);
          case ChannelMessage.DATA -> show(System.out, message.payload());
          case ChannelMessage.ERROR_DATA -> show(System.err, message.payload());
          case ChannelMessage.EXIT_CODE -> exitCode = exitCode(message.payload());
          case ChannelMessage.HANDSHAKE_COMPLETE -> {
            if (!typing) {
              typing = true;
              Thread.ofPlatform().daemon().name("exec-input").start(() -> type(link, terminal));
            }
          }
          default -> {}
        }
      }
      if (terminal && typing) {
        shown = resize(link, shown);
      }
    }
  }

  private static void shake(Link link) throws IOException, InterruptedException {
    link.data(
        ChannelMessage.HANDSHAKE_RESPONSE,
        Json.bytes(
            JsonObject.EMPTY
                .with("ClientVersion", "1.2.0.0")
                .with(
                    "ProcessedClientActions",
                    dev.holdfast.kit.JsonValue.JsonArray.ofStrings(java.util.List.of()))));
  }

  /** The exit code that a message says. */
  static int exitCode(byte[] payload) throws IOException {
    if (payload.length != Integer.BYTES) {
      throw new IOException("the platform sent an exit code that is none");
    }
    return ByteBuffer.wrap(payload).getInt();
  }

  /** The exit code of a session that was closed, where the words with it are not the reason. */
  static int ended(ChannelMessage message, @Nullable Integer exitCode) throws IOException {
    if (exitCode != null) {
      return exitCode;
    }
    String why;
    try {
      why = Json.parseObject(message.text()).string("Output");
    } catch (Json.MalformedJson _) {
      throw new IOException("the platform closed the session with words that are none");
    }
    if (why != null && !why.isEmpty()) {
      throw new CliFailure(Printable.clipped(why, LONGEST_REASON));
    }
    return 0;
  }

  private static void show(OutputStream out, byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  private static Terminal.Size resize(Link link, Terminal.@Nullable Size shown)
      throws IOException, InterruptedException {
    Terminal.Size now = Terminal.size();
    if (!now.equals(shown)) {
      link.data(
          ChannelMessage.SIZE,
          Json.bytes(JsonObject.EMPTY.with("cols", now.columns()).with("rows", now.rows())));
    }
    return now;
  }

  private static void type(Link link, boolean terminal) {
    byte[] buffer = new byte[PIECE];
    InputStream in = System.in;
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        link.type(java.util.Arrays.copyOf(buffer, n));
      }
      if (!terminal) {
        link.type(new byte[0]);
      }
    } catch (IOException _) {
      // the session is over
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sends, one message at a time, and types no faster than the other end takes it. */
  private static final class Link {
    private final WebSocket socket;
    private final ChannelWriter writer;
    private final Set<Long> typed = ConcurrentHashMap.newKeySet();
    private final Semaphore room = new Semaphore(TYPED);

    Link(WebSocket socket, ChannelWriter writer) {
      this.socket = socket;
      this.writer = writer;
    }

    synchronized void text(String text) throws IOException, InterruptedException {
      await(socket.sendText(text, true));
    }

    synchronized void data(int payloadType, byte[] payload)
        throws IOException, InterruptedException {
      binary(writer.data(payloadType, payload));
    }

    /** Types something, once there is room for it. */
    void type(byte[] bytes) throws IOException, InterruptedException {
      room.acquire();
      synchronized (this) {
        ChannelMessage message = writer.data(ChannelMessage.DATA, bytes);
        typed.add(message.sequence());
        binary(message);
      }
    }

    void acknowledged(ChannelMessage message) {
      try {
        Long sequence =
            Json.parseObject(message.text()).integer("AcknowledgedMessageSequenceNumber");
        if (sequence != null && typed.remove(sequence)) {
          room.release();
        }
      } catch (Json.MalformedJson _) {
        // it acknowledges nothing
      }
    }

    synchronized void binary(ChannelMessage message) throws IOException, InterruptedException {
      await(socket.sendBinary(ByteBuffer.wrap(message.bytes()), true));
    }

    void more() {
      socket.request(1);
    }

    private static void await(java.util.concurrent.CompletableFuture<WebSocket> sent)
        throws IOException, InterruptedException {
      try {
        WebSocket _ = sent.get(SEND.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException | TimeoutException e) {
        throw new IOException("the platform takes no message", e);
      }
    }
  }

  private static final class Listener implements WebSocket.Listener {
    private final BlockingQueue<Received> received;
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();

    Listener(BlockingQueue<Received> received) {
      this.received = received;
    }

    @Override
    public void onOpen(WebSocket socket) {
      socket.request(SHOWN);
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      byte[] bytes = new byte[data.remaining()];
      data.get(bytes);
      message.writeBytes(bytes);
      if (message.size() > LONGEST) {
        received.add(new Received.End());
        socket.abort();
        return null;
      }
      if (!last) {
        socket.request(1);
        return null;
      }
      ChannelMessage.read(message.toByteArray())
          .ifPresentOrElse(
              read -> received.add(new Received.Message(read)), () -> socket.request(1));
      message.reset();
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      received.add(new Received.End());
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      received.add(new Received.End());
    }
  }
}
