// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WebSocketTest {
  private final CountDownLatch peerGone = new CountDownLatch(1);
  private final CountDownLatch rested = new CountDownLatch(1);
  private HttpServer server;
  private HttpClient client;

  @BeforeEach
  void start() throws IOException {
    server =
        HttpServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            exchange ->
                exchange.upgrade(
                    exchange.rawPath().equals("/impatient")
                        ? Duration.ofMillis(200)
                        : Duration.ofSeconds(20),
                    this::serve));
    client = HttpClient.newHttpClient();
  }

  @AfterEach
  void stop() {
    client.shutdownNow();
    server.close();
  }

  /** Echoes; {@code close} ends with 4000, {@code return} by returning, {@code fail} by failing. */
  private void serve(WebSocketConnection connection) throws InterruptedException {
    try {
      while (true) {
        Optional<String> text = connection.receive(Duration.ofSeconds(10));
        switch (text.orElse("return")) {
          case "return" -> {
            return;
          }
          case "close" -> connection.close(4000, "as asked");
          case "rest" -> rest();
          case "fail" -> throw new IllegalStateException("a secret of the handler");
          default -> connection.send("echo " + text.orElseThrow());
        }
      }
    } catch (IOException _) {
      peerGone.countDown();
    }
  }

  private void rest() throws InterruptedException {
    boolean _ = rested.await(10, TimeUnit.SECONDS);
  }

  /** What a peer saw, in order: {@code text ...} or {@code close CODE REASON}. */
  private static final class Seen implements WebSocket.Listener {
    final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final StringBuilder partial = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      partial.append(data);
      if (last) {
        events.add("text " + partial);
        partial.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      events.add(("close " + code + " " + reason).strip());
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      events.add("error");
    }

    String next() throws InterruptedException {
      String event = events.poll(10, TimeUnit.SECONDS);
      return event == null ? "nothing" : event;
    }
  }

  private WebSocket open(String path, Seen seen) {
    URI uri = URI.create("ws://127.0.0.1:" + server.address().getPort() + path);
    return client.newWebSocketBuilder().buildAsync(uri, seen).join();
  }

  @Test
  void echoesTextInOrder() throws InterruptedException {
    var seen = new Seen();
    WebSocket socket = open("/", seen);
    for (int i = 0; i < 100; i++) {
      socket.sendText("m" + i, true).join();
    }
    for (int i = 0; i < 100; i++) {
      assertThat(seen.next()).isEqualTo("text echo m" + i);
    }
    socket.abort();
  }

  @Test
  void joinsAMessageOfSeveralFrames() throws InterruptedException {
    var seen = new Seen();
    WebSocket socket = open("/", seen);
    socket.sendText("a", false).join();
    socket.sendText("b", true).join();
    assertThat(seen.next()).isEqualTo("text echo ab");
    socket.abort();
  }

  @Test
  void carriesAMebibyte() throws InterruptedException {
    var seen = new Seen();
    WebSocket socket = open("/", seen);
    String large = "x".repeat(1024 * 1024);
    socket.sendText(large, true).join();
    assertThat(seen.next()).isEqualTo("text echo " + large);
    socket.abort();
  }

  /** What a peer sends while nobody reads stays with it, but for what the network holds. */
  @Test
  void aPeerThatSendsFasterThanIsReadIsSlowed() throws Exception {
    var seen = new Seen();
    WebSocket socket = open("/", seen);
    socket.sendText("rest", true).join();
    String message = "x".repeat(500_000);
    var sent = new java.util.concurrent.atomic.AtomicInteger();
    int count = 100;
    Thread sender =
        Thread.ofVirtual()
            .start(
                () -> {
                  for (int i = 0; i < count; i++) {
                    socket.sendText(message, true).join();
                    sent.incrementAndGet();
                  }
                });
    assertThat(sender.join(Duration.ofSeconds(2))).as("all was taken").isFalse();
    assertThat(sent).hasValueLessThan(60);
    rested.countDown();
    for (int i = 0; i < count; i++) {
      assertThat(seen.next()).hasSize("text echo ".length() + message.length());
    }
    socket.abort();
  }

  @Test
  void aMessageThatIsTooLongEnds() throws InterruptedException {
    var seen = new Seen();
    open("/", seen).sendText("x".repeat(1024 * 1024 + 1), true).join();
    assertThat(seen.next()).startsWith("close 1009");
  }

  @Test
  void noCompressionIsAgreedOn() throws IOException {
    try (var socket =
        new java.net.Socket(server.address().getAddress(), server.address().getPort())) {
      socket
          .getOutputStream()
          .write(
              String.join(
                      "\r\n",
                      "GET / HTTP/1.1",
                      "Host: localhost",
                      "Upgrade: websocket",
                      "Connection: Upgrade",
                      "Sec-WebSocket-Version: 13",
                      "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==",
                      "Sec-WebSocket-Extensions: permessage-deflate",
                      "",
                      "")
                  .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      var head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        head.append((char) socket.getInputStream().read());
      }
      assertThat(head.toString())
          .startsWith("HTTP/1.1 101 ")
          .doesNotContainIgnoringCase("sec-websocket-extensions");
    }
  }

  @Test
  void closesWithTheCodeOfTheHandler() throws InterruptedException {
    var seen = new Seen();
    open("/", seen).sendText("close", true).join();
    assertThat(seen.next()).isEqualTo("close 4000 as asked");
  }

  @Test
  void closesNormallyWhenTheHandlerReturns() throws InterruptedException {
    var seen = new Seen();
    open("/", seen).sendText("return", true).join();
    assertThat(seen.next()).isEqualTo("close 1000");
  }

  @Test
  void aFailureOfTheHandlerIsNoNormalEnd() throws InterruptedException {
    var seen = new Seen();
    open("/", seen).sendText("fail", true).join();
    assertThat(seen.next()).isEqualTo("close 1011");
  }

  @Test
  void theHandlerLearnsThatThePeerHasClosed() throws InterruptedException {
    var seen = new Seen();
    open("/", seen).sendClose(WebSocket.NORMAL_CLOSURE, "bye").join();
    assertThat(peerGone.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void theHandlerLearnsThatThePeerHasVanished() throws InterruptedException {
    var seen = new Seen();
    open("/", seen).abort();
    assertThat(peerGone.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void anIdlePeerIsLeft() throws InterruptedException {
    var seen = new Seen();
    WebSocket _ = open("/impatient", seen);
    assertThat(peerGone.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(seen.next()).startsWith("close ");
  }

  @Test
  void refusesAPlainRequest() {
    URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + "/");
    assertThatThrownBy(
            () -> {
              var answer =
                  client.send(
                      java.net.http.HttpRequest.newBuilder(uri).build(),
                      java.net.http.HttpResponse.BodyHandlers.ofString());
              throw new IOException("status " + answer.statusCode());
            })
        .hasMessageContaining("status 4");
  }
}
