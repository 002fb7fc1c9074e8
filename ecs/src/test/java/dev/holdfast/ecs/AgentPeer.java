// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs;

import dev.holdfast.aws.agent.AgentFrame;
import dev.holdfast.aws.agent.AgentMessage;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The agent's end of a websocket, for tests: messages are waited for with a deadline. */
final class AgentPeer implements AutoCloseable {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final LinkedBlockingQueue<AgentMessage> heard = new LinkedBlockingQueue<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final WebSocket socket;

  private AgentPeer(int port, String path, String principal) {
    var text = new StringBuilder();
    socket =
        CLIENT
            .newWebSocketBuilder()
            .header("X-Principal", principal)
            .buildAsync(
                URI.create("ws://127.0.0.1:" + port + path),
                new WebSocket.Listener() {
                  @Override
                  public @Nullable CompletionStage<?> onClose(
                      WebSocket peer, int code, String reason) {
                    closed.countDown();
                    return null;
                  }

                  @Override
                  public void onError(WebSocket peer, Throwable error) {
                    closed.countDown();
                  }

                  @Override
                  public @Nullable CompletionStage<?> onText(
                      WebSocket peer, CharSequence data, boolean last) {
                    text.append(data);
                    if (last) {
                      AgentMessage message = AgentFrame.read(text.toString());
                      text.setLength(0);
                      if (message != null) {
                        heard.add(message);
                      }
                    }
                    peer.request(1);
                    return null;
                  }
                })
            .join();
  }

  static AgentPeer host(int port, String principal) {
    return new AgentPeer(port, "/acs/host?agentVersion=1.0.0&dockerVersion=1", principal);
  }

  static AgentPeer commands(int port, String instance, String principal) {
    return new AgentPeer(
        port,
        "/acs/ws?agentVersion=1.0.0&sendCredentials=true&containerInstanceArn=" + encoded(instance),
        principal);
  }

  /** One that needs no credentials sent again. */
  static AgentPeer quiet(int port, String instance, String principal) {
    return new AgentPeer(
        port,
        "/acs/ws?agentVersion=1.0.0&sendCredentials=false&containerInstanceArn="
            + encoded(instance),
        principal);
  }

  static AgentPeer telemetry(int port, String instance, String principal) {
    return new AgentPeer(port, "/tacs/ws?containerInstance=" + encoded(instance), principal);
  }

  /** The host's end of a session with a container. */
  static AgentPeer exec(int port, String session, String principal) {
    return new AgentPeer(port, "/acs/exec?sessionId=" + encoded(session), principal);
  }

  /** One whose command takes so many bytes before the host says that it took some. */
  static AgentPeer exec(int port, String session, String principal, int window) {
    return new AgentPeer(
        port, "/acs/exec?sessionId=" + encoded(session) + "&window=" + window, principal);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  void say(String text) {
    socket.sendText(text, true).join();
  }

  void say(AgentMessage message) {
    say(AgentFrame.text(message));
  }

  /** The next message of a kind; others before it are passed over. */
  <M extends AgentMessage> M next(Class<M> kind) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (System.nanoTime() < deadline) {
      AgentMessage message = heard.poll(100, TimeUnit.MILLISECONDS);
      if (kind.isInstance(message)) {
        return kind.cast(message);
      }
    }
    throw new AssertionError("no " + kind.getSimpleName() + " came");
  }

  /** Waits until the platform has closed the stream. */
  void awaitClosed() throws InterruptedException {
    awaitClosed(Duration.ofSeconds(10));
  }

  void awaitClosed(Duration patience) throws InterruptedException {
    if (!closed.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("the stream is still open");
    }
  }

  @Override
  public void close() {
    try {
      socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    } catch (CompletionException _) {
      socket.abort(); // the platform was faster
    }
  }
}
