// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that hold a connection for nothing, beside one that is let through. */
@Timeout(60)
class FloodTest {
  private static final Patience SHORT =
      new Patience(Duration.ofSeconds(1), Duration.ofSeconds(1), 1024, Duration.ofSeconds(2), 200);
  private static final String GET = "GET /ok HTTP/1.1\r\nHost: localhost\r\n\r\n";

  private final List<Socket> sockets = new ArrayList<>();
  private final AtomicInteger failed = new AtomicInteger();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        HttpServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), this::handle, SHORT);
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    server.close();
  }

  private void handle(Exchange exchange) throws IOException {
    try {
      if (exchange.rawPath().equals("/large")) {
        try (var out = exchange.stream(200, List.of(), 64L << 20)) {
          byte[] piece = new byte[64 * 1024];
          for (int i = 0; i < 1024; i++) {
            out.write(piece);
          }
        }
        return;
      }
      byte[] body = exchange.body().readAllBytes();
      exchange.respond(
          200, List.of(), Integer.toString(body.length).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      failed.incrementAndGet();
      throw e;
    }
  }

  private Socket open() throws IOException {
    var socket = new Socket(server.address().getAddress(), server.address().getPort());
    socket.setSoTimeout(20_000);
    sockets.add(socket);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** Whether the server ends the connection, whatever the client still sends, before its time. */
  private static boolean ended(Socket socket, BooleanSupplier drop) throws IOException {
    socket.setSoTimeout(200);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
    while (System.nanoTime() < end) {
      try {
        if (!drop.getAsBoolean() || socket.getInputStream().read() < 0) {
          return true;
        }
      } catch (SocketTimeoutException _) {
        // It is still open: another drop.
      } catch (IOException _) {
        return true;
      }
    }
    return false;
  }

  private static BooleanSupplier sending(Socket socket, String drop) {
    return () -> {
      try {
        send(socket, drop);
        return true;
      } catch (IOException _) {
        return false;
      }
    };
  }

  private static boolean nothing() {
    return true;
  }

  private static String answer(Socket socket) throws IOException {
    byte[] bytes = new byte[12];
    int read = socket.getInputStream().readNBytes(bytes, 0, bytes.length);
    return new String(bytes, 0, read, StandardCharsets.ISO_8859_1);
  }

  private void letsOthersThrough() throws IOException {
    try (var socket = new Socket(server.address().getAddress(), server.address().getPort())) {
      socket.setSoTimeout(10_000);
      send(socket, GET);
      assertThat(answer(socket)).isEqualTo("HTTP/1.1 200");
    }
  }

  @Test
  void aHeadInDropsEnds() throws IOException {
    Socket socket = open();
    send(socket, "GET /ok HTTP/1.1\r\nHost: localhost\r\n");
    assertThat(ended(socket, sending(socket, "X: y\r\n"))).isTrue();
    letsOthersThrough();
  }

  @Test
  void aBodyInDropsEnds() throws IOException {
    Socket socket = open();
    send(socket, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n");
    assertThat(ended(socket, sending(socket, "x"))).isTrue();
    awaitFailure();
    letsOthersThrough();
  }

  @Test
  void aBodyThatComesAtItsPaceIsWaitedFor() throws IOException {
    Socket socket = open();
    send(socket, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20000\r\n\r\n");
    long begin = System.nanoTime();
    // Four seconds, twice what is free, at 5 KB a second.
    for (int i = 0; i < 20; i++) {
      send(socket, "x".repeat(1000));
      waitUntil(begin + TimeUnit.MILLISECONDS.toNanos(200L * (i + 1)));
    }
    assertThat(answer(socket)).isEqualTo("HTTP/1.1 200");
  }

  private static void waitUntil(long nanos) {
    while (System.nanoTime() < nanos) {
      java.util.concurrent.locks.LockSupport.parkNanos(nanos - System.nanoTime());
    }
  }

  @Test
  void whoSaysNothingIsLeft() throws IOException {
    assertThat(ended(open(), FloodTest::nothing)).isTrue();
    letsOthersThrough();
  }

  @Test
  void anAnswerThatNobodyTakesEnds() throws IOException {
    Socket socket = open();
    send(socket, "GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n");
    awaitFailure();
    letsOthersThrough();
  }

  /** The handler learns that its client was left. */
  private void awaitFailure() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (failed.get() == 0 && System.nanoTime() < end) {
      waitUntil(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50));
    }
    assertThat(failed).hasValue(1);
  }

  @Test
  void keptConnectionsGoOn() throws IOException {
    Socket socket = open();
    for (int i = 0; i < 4; i++) {
      send(socket, GET);
      assertThat(answer(socket)).isEqualTo("HTTP/1.1 200");
      byte[] rest = new byte[4096];
      assertThat(socket.getInputStream().read(rest)).isPositive();
      waitUntil(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(900));
    }
  }

  @Test
  void theOldestIdleConnectionGivesWay() throws IOException {
    var first = new ArrayList<Socket>();
    for (int i = 0; i < 200; i++) {
      first.add(open());
    }
    for (int i = 0; i < 300; i++) {
      send(open(), "G");
    }
    letsOthersThrough();
    // One gives way when another has come.
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (server.connections() > 201 && System.nanoTime() < end) {
      waitUntil(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(20));
    }
    assertThat(server.connections()).isLessThanOrEqualTo(201);
    assertThat(ended(first.getFirst(), FloodTest::nothing)).isTrue();
  }
}
