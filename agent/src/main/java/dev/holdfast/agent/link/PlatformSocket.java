// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.link;

import dev.holdfast.aws.agent.AgentFrame;
import dev.holdfast.aws.agent.AgentMessage;
import dev.holdfast.aws.sigv4.SignedRequest;
import dev.holdfast.kit.Json;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One websocket to the platform, blocking. Frames that are no messages are logged and ignored. */
final class PlatformSocket implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(PlatformSocket.class.getName());
  private static final Duration CONNECT = Duration.ofSeconds(15);
  private static final Duration SEND = Duration.ofSeconds(20);
  private static final int MAX_FRAME = 8 * 1024 * 1024;

  private sealed interface Received {
    record Text(String text) implements Received {}

    record End(String reason) implements Received {}
  }

  private final WebSocket socket;
  private final BlockingQueue<Received> received;
  private volatile boolean ended;

  private PlatformSocket(WebSocket socket, BlockingQueue<Received> received) {
    this.socket = socket;
    this.received = received;
  }

  /**
   * Connects.
   *
   * @param uri of scheme http or https
   * @throws IOException with the platform's own words where it refuses
   */
  static PlatformSocket connect(HttpClient http, URI uri, HostIdentity identity, String region)
      throws IOException {
    BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    WebSocket.Builder builder = http.newWebSocketBuilder().connectTimeout(CONNECT);
    for (SignedRequest.Header header : identity.sign(uri, region)) {
      builder.header(header.name(), header.value());
    }
    URI target = URI.create("ws" + uri.toString().substring("http".length()));
    try {
      WebSocket socket =
          builder
              .buildAsync(target, new Listener(received))
              .get(CONNECT.toMillis(), TimeUnit.MILLISECONDS);
      return new PlatformSocket(socket, received);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        Object body = refused.getResponse().body();
        identity.refused(String.valueOf(body), refused.getResponse().headers().firstValue("date"));
        throw new IOException(
            "the platform refuses with status "
                + refused.getResponse().statusCode()
                + (body instanceof String text && !text.isEmpty() ? ": " + text : ""),
            e);
      }
      throw new IOException("the platform does not answer", e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("the platform does not answer", e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while connecting");
    }
  }

  void send(AgentMessage message) throws IOException {
    send(message, SEND);
  }

  /**
   * Sends to a platform that may take its time.
   *
   * @throws IOException where it takes more, or the stream has ended
   */
  void send(AgentMessage message, Duration patience) throws IOException {
    try {
      // The next text may only go out when this one has.
      synchronized (socket) {
        socket
            .sendText(AgentFrame.text(message), true)
            .get(patience.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (ExecutionException | TimeoutException | CompletionException e) {
      throw new IOException("the platform takes no message", e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while sending");
    }
  }

  /**
   * The next message that is understood.
   *
   * @throws IOException where the stream has ended or was silent for too long
   */
  AgentMessage receive(Duration patience) throws IOException {
    while (true) {
      Received next;
      try {
        next = received.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while listening");
      }
      switch (next) {
        case null -> throw new IOException("the platform was silent for " + patience);
        case Received.End(var reason) -> {
          ended = true;
          throw new IOException("the stream has ended: " + reason);
        }
        case Received.Text(var text) -> {
          AgentMessage message = parse(text);
          if (message != null) {
            return message;
          }
        }
      }
    }
  }

  private static @Nullable AgentMessage parse(String text) {
    try {
      return AgentFrame.read(text);
    } catch (Json.MalformedJson e) {
      LOG.log(Level.WARNING, "a message of the platform is ignored: {0}", e.getMessage());
      return null;
    }
  }

  /** Whether the stream is known to have ended; what was received meanwhile is dropped. */
  boolean drain() {
    for (Received next = received.poll(); next != null; next = received.poll()) {
      ended |= next instanceof Received.End;
    }
    return ended || socket.isInputClosed() || socket.isOutputClosed();
  }

  @Override
  public void close() {
    socket.abort();
  }

  private static final class Listener implements WebSocket.Listener {
    private final BlockingQueue<Received> received;
    private final StringBuilder text = new StringBuilder();

    Listener(BlockingQueue<Received> received) {
      this.received = received;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (text.length() > MAX_FRAME) {
        received.add(new Received.End("a message is too long"));
        socket.abort();
        return null;
      }
      if (last) {
        received.add(new Received.Text(text.toString()));
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      received.add(new Received.End(code + " " + reason));
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      received.add(new Received.End(String.valueOf(error.getMessage())));
    }
  }
}
