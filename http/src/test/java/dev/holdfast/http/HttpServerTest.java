// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.http.Exchange.Header;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class HttpServerTest {
  private static final int PIECE = 64 * 1024;
  private static final int PIECES = 80;

  private final AtomicInteger handled = new AtomicInteger();
  private HttpServer server;
  private HttpClient client;

  @BeforeEach
  void start() throws IOException {
    server =
        HttpServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), this::handle);
    client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private void handle(Exchange exchange) throws IOException {
    handled.incrementAndGet();
    switch (exchange.rawPath()) {
      case "/stream", "/chunks" -> {
        long length = exchange.rawPath().equals("/stream") ? (long) PIECE * PIECES : -1;
        OutputStream out = exchange.stream(200, List.of(), length);
        for (int i = 0; i < PIECES; i++) {
          byte[] piece = new byte[PIECE];
          Arrays.fill(piece, (byte) i);
          out.write(piece);
        }
      }
      case "/fail" -> throw new IllegalStateException("a secret of the handler");
      case "/none" -> exchange.respond(204, List.of(), new byte[0]);
      case "/where" -> {
        String text = exchange.rawPath() + "|" + exchange.rawQuery();
        exchange.respond(200, List.of(), text.getBytes(StandardCharsets.UTF_8));
      }
      default ->
          exchange.respond(200, List.of(new Header("X-Seen", exchange.method())), body(exchange));
    }
  }

  private static byte[] body(Exchange exchange) throws IOException {
    byte[] sent = exchange.body().readAllBytes();
    return sent.length == 0 ? exchange.rawQuery().getBytes(StandardCharsets.UTF_8) : sent;
  }

  private HttpResponse<byte[]> send(String method, String path, byte[] body)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
    return client.send(
        HttpRequest.newBuilder(uri)
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private String raw(String request) throws IOException {
    try (var socket = new Socket(server.address().getAddress(), server.address().getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  private static String post(String headers, String body) {
    return "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers + "\r\n" + body;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5, 6\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 0x5\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Content-Length : 5\r\n",
        "X-Folded: a\r\n b\r\nContent-Length: 5\r\n",
        " X-Leading: a\r\nContent-Length: 5\r\n",
        "X-Bare: a\nContent-Length: 5\r\n",
        "X-Return: a\rb\r\nContent-Length: 5\r\n",
        "X-Nul: a\u0000b\r\nContent-Length: 5\r\n",
        "X(Name): a\r\nContent-Length: 5\r\n",
        "NoColon\r\nContent-Length: 5\r\n",
        ": empty\r\nContent-Length: 5\r\n"
      })
  void refusesWhatTwoParsersCouldReadDifferently(String headers) throws IOException {
    String answer = raw(post(headers, "0\r\n\r\n"));
    assertThat(answer).startsWith("HTTP/1.1 400 ");
    assertThat(handled).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST / HTTP/1.1\nHost: localhost\nConnection: close\n\n",
        "POST / HTTP/1.1\r\nConnection: close\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n",
        "POST /\r\n\r\n",
        "PO ST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
      })
  void refusesMalformedRequestLines(String request) throws IOException {
    String answer = raw(request);
    assertThat(answer).matches("(?s)(HTTP/1\\.[01] (400|505) .*)");
    assertThat(handled).hasValue(0);
  }

  @Test
  void refusesHeadersThatAreTooLong() throws IOException {
    String answer = raw(post("X-Long: " + "a".repeat(40_000) + "\r\n", ""));
    assertThat(answer).startsWith("HTTP/1.1 431 ");
    assertThat(handled).hasValue(0);
  }

  @Test
  void refusesAMalformedChunk() throws IOException {
    String answer = raw(post("Transfer-Encoding: chunked\r\n", "zz\r\nhello\r\n0\r\n\r\n"));
    assertThat(answer).doesNotContain("HTTP/1.1 200").doesNotContain("hello");
  }

  @Test
  void readsChunks() throws IOException {
    String answer = raw(post("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n"));
    assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\nhello");
  }

  @Test
  void aBodyLeftUnreadIsNotTheNextRequest() throws IOException {
    String inner = "GET /?smuggled HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    String answer =
        raw(
            "POST /none HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                + inner.length()
                + "\r\n\r\n"
                + inner
                + "GET /?next HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assertThat(answer).doesNotContain("smuggled");
  }

  @Test
  void refusalsEchoNothing() throws IOException {
    String answer = raw(post("Content-Length: <script>\r\n", ""));
    assertThat(answer).startsWith("HTTP/1.1 400 ").doesNotContain("script").doesNotContain("etty");
  }

  @Test
  void aFailureOfTheHandlerSaysNothing() throws Exception {
    HttpResponse<byte[]> answer = send("GET", "/fail", new byte[0]);
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(new String(answer.body(), StandardCharsets.UTF_8)).doesNotContain("secret");
  }

  @Test
  void headHasHeadersAlone() throws IOException {
    String answer = raw("HEAD /?abc HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 200 ").contains("X-Seen: HEAD").endsWith("\r\n\r\n");
  }

  @Test
  void answersWithoutABody() throws Exception {
    HttpResponse<byte[]> empty = send("GET", "/", new byte[0]);
    assertThat(empty.statusCode()).isEqualTo(200);
    assertThat(empty.headers().firstValue("content-length")).hasValue("0");
    HttpResponse<byte[]> none = send("GET", "/none", new byte[0]);
    assertThat(none.statusCode()).isEqualTo(204);
    assertThat(none.headers().firstValue("content-length")).isEmpty();
    assertThat(none.body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/stream", "/chunks"})
  void streamsFiveMebibytes(String path) throws Exception {
    byte[] body = send("GET", path, new byte[0]).body();
    assertThat(body).hasSize(PIECE * PIECES);
    for (int i = 0; i < PIECES; i++) {
      assertThat(body[i * PIECE]).isEqualTo((byte) i);
      assertThat(body[(i + 1) * PIECE - 1]).isEqualTo((byte) i);
    }
  }

  @Test
  void handsOnPathAndQueryAsTheyCame() throws IOException {
    String answer =
        raw("GET /where?x=%2F&y=a+b&z HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assertThat(answer).endsWith("/where|x=%2F&y=a+b&z");
  }

  @Test
  void takesALargeBody() throws Exception {
    byte[] sent = new byte[5 * 1024 * 1024];
    Arrays.fill(sent, (byte) 7);
    assertThat(send("PUT", "/", sent).body()).isEqualTo(sent);
  }
}
