// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What two parsers could read differently is refused, and nothing after it on the connection is
 * read: a signature says who sent these bytes, so there must be no doubt which these are.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-11.2">RFC 9112, request
 *     smuggling</a>
 */
@Timeout(60)
class SmugglingTest {
  private static final String H2C =
      String.join(
          "\r\n",
          "Connection: Upgrade, HTTP2-Settings, close",
          "Upgrade: h2c",
          "HTTP2-Settings: AAMAAABkAAQAAP__",
          "");

  private static final String NEXT =
      "GET /?smuggled HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

  /** What handlers saw: target and body. */
  private final List<String> seen = new CopyOnWriteArrayList<>();

  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        HttpServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), this::handle);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void handle(Exchange exchange) throws IOException {
    byte[] body = exchange.body().readAllBytes();
    String text =
        exchange.method()
            + " "
            + exchange.rawPath()
            + "?"
            + exchange.rawQuery()
            + " "
            + new String(body, StandardCharsets.ISO_8859_1);
    seen.add(text);
    exchange.respond(200, List.of(), ("saw " + text).getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Everything that the server answers to these bytes, until it closes or says no more. */
  private String raw(String request) throws IOException {
    try (var socket = new Socket(server.address().getAddress(), server.address().getPort())) {
      socket.setSoTimeout(5_000); // a busy machine may take a while to begin
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      var answer = new ByteArrayOutputStream();
      try {
        for (int b = socket.getInputStream().read(); b >= 0; b = socket.getInputStream().read()) {
          answer.write(b);
          socket.setSoTimeout(700);
        }
      } catch (SocketTimeoutException _) {
        answer.writeBytes("\n[still open]".getBytes(StandardCharsets.ISO_8859_1));
      }
      return answer.toString(StandardCharsets.ISO_8859_1);
    }
  }

  private static String post(String headers, String body) {
    return "POST / HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n" + body;
  }

  private void refused(String request) throws IOException {
    String answer = raw(request + NEXT);
    assertThat(answer).doesNotContain("HTTP/1.1 200").doesNotContain("saw ");
    assertThat(answer).matches("(?s)(HTTP/1\\.1 [45].*)?");
    assertThat(seen).as("what a handler read to its end").isEmpty();
  }

  private String served(String request) throws IOException {
    String answer = raw(request);
    assertThat(answer).startsWith("HTTP/1.1 200 ");
    return answer;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5\nhello\r\n0\r\n\r\n",
        "5\r\nhello\n0\r\n\r\n",
        "5\r\nhello\r\n0\n\r\n",
        "5\r\nhello\r\n0\r\n\n",
        "5;x\nhello\r\n0\r\n\r\n",
        "5;\nx\r\nhello\r\n0\r\n\r\n",
        "5\rhello\r\n0\r\n\r\n",
        "-5\r\nhello\r\n0\r\n\r\n",
        "+5\r\nhello\r\n0\r\n\r\n",
        "0x5\r\nhello\r\n0\r\n\r\n",
        "5g\r\nhello\r\n0\r\n\r\n",
        "\r\nhello\r\n0\r\n\r\n",
        ";x\r\nhello\r\n0\r\n\r\n",
        "5\r\nhelloo\r\n0\r\n\r\n",
        "5\r\nhello0\r\n\r\n",
        "ffffffffffffffff\r\nhello\r\n0\r\n\r\n",
        "10000000000000005\r\nhello\r\n0\r\n\r\n",
        "00000000000000000000000000000000005\r\nhello\r\n0\r\n\r\n"
      })
  void refusesChunksThatAreNone(String chunks) throws IOException {
    refused(post("Transfer-Encoding: chunked\r\n", chunks));
  }

  /** The rest of them is waited for: none is taken for the five bytes that its low bits say. */
  @ParameterizedTest
  @ValueSource(strings = {"7fffffff", "80000000", "80000005", "ffffffff", "100000005"})
  void takesALargeChunkForNoSmallOne(String size) throws IOException {
    String answer =
        raw(post("Transfer-Encoding: chunked\r\n", size + "\r\nhello\r\n0\r\n\r\n" + NEXT));
    assertThat(answer).doesNotContain("HTTP/1.1 200").doesNotContain("saw ");
    assertThat(seen).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5\r\nhello\r\n0\r\n\r\n",
        "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
        "5;name=value\r\nhello\r\n0\r\n\r\n",
        "005\r\nhello\r\n000\r\n\r\n",
        "5\r\nhello\r\n0\r\nX-Trailer: a\r\n\r\n"
      })
  void readsChunksThatAreGood(String chunks) throws IOException {
    String answer = served(post("Transfer-Encoding: chunked\r\nConnection: close\r\n", chunks));
    assertThat(answer).endsWith("saw POST /? hello");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n",
        "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 10\r\nTransfer-Encoding : chunked\r\n",
        "Content-Length: 10\r\nTransfer-Encoding\t: chunked\r\n",
        "Content-Length: 10\r\n Transfer-Encoding: chunked\r\n",
        "Content-Length: 10\r\nX: a\r\n\tTransfer-Encoding: chunked\r\n",
        "Content-Length: 10\r\nX: a\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 10\r\nX: a\rTransfer-Encoding: chunked\r\n",
        "Content-Length: 10\r\nX: a\u0000\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: \u000bchunked\r\n",
        "Transfer-Encoding: chunked\u0000\r\n",
        "Transfer-Encoding: \"chunked\"\r\n",
        "Transfer-Encoding: chunk\r\n",
        "Transfer-Encoding: cow\r\n",
        "Transfer-Encoding: chunked, gzip\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: identity, chunked\r\n",
        "Transfer-Encoding: chunked, chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: ,\r\n",
        "Transfer-Encoding:\r\n chunked\r\n",
        "Content-Length: 10, 10\r\nX: y\r\n",
        "Content-Length: 10\r\nContent-Length: 11\r\n",
        "Content-Length: 10;\r\n",
        "Content-Length: 1 0\r\n",
        "Content-Length: 10\u0000\r\n",
        "Content-Length: ten\r\n",
        "Content-Length:\r\n",
        "Content-Length: 18446744073709551626\r\n",
        "Content-Length: 9223372036854775808\r\n",
        "Content\u0000-Length: 10\r\n",
        "Content-Length\u007f: 10\r\n",
        "Content-Length: 10\r\n: x\r\n",
        "\u00e4: x\r\nContent-Length: 10\r\n"
      })
  void refusesALengthThatIsInDoubt(String headers) throws IOException {
    refused(post(headers, "0\r\n\r\nabcde"));
  }

  @Test
  void readsALengthThatIsNot() throws IOException {
    assertThat(served(post("Content-Length: 5\r\nConnection: close\r\n", "hello")))
        .endsWith("saw POST /? hello");
    assertThat(served(post("content-LENGTH:5\r\nConnection: close\r\n", "hello")))
        .endsWith("saw POST /? hello");
    assertThat(served(post("transfer-encoding: Chunked\r\nConnection: close\r\n", "0\r\n\r\n")))
        .endsWith("saw POST /? ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /a/../b HTTP/1.1",
        "GET /.. HTTP/1.1",
        "GET /a/./b HTTP/1.1",
        "GET //a HTTP/1.1",
        "GET /a//b HTTP/1.1",
        "GET /a#b HTTP/1.1",
        "GET /?a#b HTTP/1.1",
        "GET /\u00e4 HTTP/1.1",
        "GET /?\u00ff HTTP/1.1",
        "GET /\u007f HTTP/1.1",
        "GET /\u0000 HTTP/1.1",
        "GET /\u0001 HTTP/1.1",
        "GET /?a\tb HTTP/1.1",
        "GET a HTTP/1.1",
        "GET ?a HTTP/1.1",
        "GET * HTTP/1.1",
        "OPTIONS * HTTP/1.1",
        "CONNECT localhost:80 HTTP/1.1",
        "CONNECT / HTTP/1.1x",
        "GET http://other.example/ HTTP/1.1",
        "GET http://user@localhost/ HTTP/1.1",
        "GET http:///a HTTP/1.1",
        "GET ftp://localhost/../a HTTP/1.1",
        "GET / HTTP/1.2",
        "GET / HTTP/2.0",
        "GET / HTTP/3",
        "GET / HTTP/1.1 x",
        "GET\t/ HTTP/1.1",
        " GET / HTTP/1.1",
        "G\u0000T / HTTP/1.1",
        "GE\u00e4 / HTTP/1.1",
        "/ HTTP/1.1"
      })
  void refusesTargetsThatAreInDoubt(String line) throws IOException {
    refused(line + "\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /a/b?c=d HTTP/1.1",
        "GET /a/%2e%2e/b HTTP/1.1",
        "GET /a%2F%2Fb HTTP/1.1",
        "GET /...a/b..c/.d HTTP/1.1",
        "GET /a/?//../ HTTP/1.1",
        "GET /;a=b HTTP/1.1"
      })
  void handsOnTargetsAsTheyCame(String line) throws IOException {
    String target = line.substring(4, line.length() - 9);
    String answer = served(line + "\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assertThat(answer).contains("saw GET " + target);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "LOCALHOST", "localhost:80", "localhost:4566", "[::1]", "[::1]:4566"})
  void takesAnyHostThatIsOne(String host) throws IOException {
    served("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
  }

  /** The form of a request to a proxy is one that servers have to read; it must name this one. */
  @Test
  void readsTheFormOfAProxysRequestForItself() throws IOException {
    String answer =
        served("GET http://localhost/a?b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assertThat(answer).endsWith("saw GET /a?b ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: localhost\r\nHost: localhost\r\n",
        "Host: localhost\r\nHost: other.example\r\n",
        "Host: localhost, other.example\r\n",
        "Host: local host\r\n",
        "Host: localhost:x\r\n",
        "Host: localhost\u0000\r\n",
        "Host: user@localhost\r\n",
        "Host : localhost\r\n",
        "X: y\r\n"
      })
  void refusesAHostThatIsInDoubt(String headers) throws IOException {
    refused("GET / HTTP/1.1\r\n" + headers + "Connection: close\r\n\r\n");
  }

  @Test
  void speaksNoOtherProtocol() throws IOException {
    String upgrade = served("GET / HTTP/1.1\r\nHost: localhost\r\n" + H2C + "\r\n");
    assertThat(upgrade).doesNotContain("101 Switching");
    seen.clear();
    String prior = raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u0000\u0000\u0000\u0004\u0000\u0000");
    assertThat(prior).doesNotContain(" 200").doesNotContain(" 101");
    assertThat(seen).isEmpty();
  }

  @Test
  void readsNothingAfterARefusal() throws IOException {
    String answer = raw("GET /#x HTTP/1.1\r\nHost: localhost\r\n\r\n" + NEXT);
    assertThat(answer).startsWith("HTTP/1.1 400 ");
    answer = raw(post("Content-Length: x\r\n", "") + NEXT);
    assertThat(answer).startsWith("HTTP/1.1 400 ").doesNotContain("smuggled");
    assertThat(seen).doesNotContain("GET /?smuggled ");
  }

  @Test
  void readsTheNextRequestAfterAGoodOne() throws IOException {
    String answer = raw(post("Content-Length: 5\r\n", "hello") + NEXT);
    assertThat(answer).contains("saw POST /? hello").endsWith("saw GET /?smuggled ");
  }

  /** A body that ends early is no body: its handler must not take it for the whole. */
  @Test
  void aBodyThatEndsEarlyIsNoBody() throws IOException {
    try (var socket = new Socket(server.address().getAddress(), server.address().getPort())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(post("Content-Length: 10\r\n", "hello").getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      String answer =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      assertThat(answer).doesNotContain("HTTP/1.1 200");
    }
    assertThat(seen).isEmpty();
  }
}
