// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PlatformForwardTest {
  @Test
  void keepsHostSignatureAndBodyAsTheyWereSigned() throws Exception {
    var seen = new AtomicReference<List<String>>();
    HttpServer platform =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    platform.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          seen.set(
              List.of(
                  exchange.getRequestURI().toString(),
                  exchange.getRequestHeaders().getFirst("Host"),
                  exchange.getRequestHeaders().getFirst("Authorization"),
                  exchange.getRequestHeaders().getFirst("Content-length"),
                  new String(body, StandardCharsets.UTF_8)));
          exchange.getResponseHeaders().set("x-amzn-RequestId", "r1");
          exchange.sendResponseHeaders(400, 2);
          exchange.getResponseBody().write("{}".getBytes(StandardCharsets.UTF_8));
          exchange.close();
        });
    platform.start();
    HttpServer door =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    var forward =
        new PlatformForward(
            URI.create("http://127.0.0.1:" + platform.getAddress().getPort()),
            HttpClient.newHttpClient());
    door.createContext(
        "/",
        exchange -> {
          try (exchange) {
            forward.forward(exchange, PlatformForward.Share.fresh());
          }
        });
    door.start();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), door.getAddress().getPort())) {
      socket
          .getOutputStream()
          .write(
              ("POST /?a=%2F HTTP/1.1\r\nHost: 169.254.170.2\r\nConnection: close\r\n"
                      + "Authorization: AWS4-HMAC-SHA256 Credential=x\r\nContent-Length: 4\r\n\r\nbody")
                  .getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 400")
          .containsIgnoringCase("x-amzn-requestid: r1")
          .endsWith("{}");
    } finally {
      door.stop(0);
      platform.stop(0);
    }
    assertThat(seen.get())
        .containsExactly("/?a=%2F", "169.254.170.2", "AWS4-HMAC-SHA256 Credential=x", "4", "body");
  }

  /**
   * A header that no HTTP client sends got no answer, and the agent logged an exception that quotes
   * it.
   */
  @Test
  void refusesWhatCannotBeSentOnAndQuotesNothingOfIt() throws Exception {
    var thrown = new AtomicReference<RuntimeException>();
    HttpServer door =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    var forward = new PlatformForward(URI.create("http://127.0.0.1:1"), HttpClient.newHttpClient());
    door.createContext(
        "/",
        exchange -> {
          try (exchange) {
            forward.forward(exchange, PlatformForward.Share.fresh());
          } catch (RuntimeException e) {
            thrown.set(e);
          }
        });
    door.start();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), door.getAddress().getPort())) {
      socket
          .getOutputStream()
          .write(
              String.join(
                      "\r\n",
                      "POST / HTTP/1.1",
                      "Host: 169.254.170.2",
                      "Connection: close",
                      "Authorization: AWS4-HMAC-SHA256 Credential=x",
                      "X(canary: 7f3a",
                      "Content-Length: 0",
                      "",
                      "")
                  .getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 400").doesNotContain("canary");
    } finally {
      door.stop(0);
    }
    assertThat(thrown.get()).isNull();
  }
}
