// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.aws.agent.AgentFrame;
import dev.holdfast.aws.agent.AgentMessage;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.sigv4.SignedRequest;
import dev.holdfast.aws.sigv4.Signer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An agent's websocket, signed by whoever; what it hears is kept. */
final class SignedStream implements AutoCloseable {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final LinkedBlockingQueue<AgentMessage> heard = new LinkedBlockingQueue<>();
  private final StringBuilder everything = new StringBuilder();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final WebSocket socket;

  private SignedStream(URI url, String target, Credentials by) throws IOException {
    int mark = target.indexOf('?');
    String path = mark < 0 ? target : target.substring(0, mark);
    String query = mark < 0 ? "" : target.substring(mark + 1);
    var host = List.of(new SignedRequest.Header("Host", url.getRawAuthority()));
    var unsigned = new SignedRequest("GET", path, query, host);
    WebSocket.Builder builder = HTTP.newWebSocketBuilder();
    Signer.sign(
            unsigned,
            new byte[0],
            by,
            Harbor.REGION.name(),
            "ecs",
            InstantSource.system().instant())
        .forEach(header -> builder.header(header.name(), header.value()));
    builder.header("X-Forwarded-For", "10.0.0.1").header("Forwarded", "for=10.0.0.1");
    try {
      socket =
          builder
              .buildAsync(URI.create("ws://" + url.getRawAuthority() + target), new Listener())
              .join();
    } catch (CompletionException e) {
      throw new IOException("no stream", e.getCause());
    }
  }

  static SignedStream open(URI url, String target, Credentials by) throws IOException {
    return new SignedStream(url, target, by);
  }

  /** The status with which a stream is refused; 101 where it is not. */
  static int status(URI url, String target, Credentials by) throws IOException {
    try (var _ = open(url, target, by)) {
      return 101;
    } catch (IOException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        return refused.getResponse().statusCode();
      }
      throw e;
    }
  }

  /** The next message of a kind; others before it are passed over. */
  <M extends AgentMessage> M next(Class<M> kind) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (System.nanoTime() < deadline) {
      AgentMessage message = heard.poll(100, TimeUnit.MILLISECONDS);
      if (kind.isInstance(message)) {
        return kind.cast(message);
      }
    }
    throw new AssertionError("no " + kind.getSimpleName() + " came");
  }

  /** All that was heard, as it came. */
  String everything() {
    synchronized (everything) {
      return everything.toString();
    }
  }

  boolean awaitEnd() throws InterruptedException {
    return ended.await(20, TimeUnit.SECONDS);
  }

  boolean isOpen() {
    return ended.getCount() > 0;
  }

  @Override
  public void close() {
    socket.abort();
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket peer, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        synchronized (everything) {
          everything.append(text).append('\n');
        }
        AgentMessage message = AgentFrame.read(text.toString());
        text.setLength(0);
        if (message != null) {
          heard.add(message);
        }
      }
      peer.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket peer, int code, String reason) {
      ended.countDown();
      return null;
    }

    @Override
    public void onError(WebSocket peer, Throwable error) {
      ended.countDown();
    }
  }
}
