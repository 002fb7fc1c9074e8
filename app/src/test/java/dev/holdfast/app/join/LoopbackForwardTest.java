// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.join;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.app.tls.Authority;
import dev.holdfast.app.tls.Contexts;
import dev.holdfast.app.tls.OutwardDoors;
import dev.holdfast.http.Exchange;
import dev.holdfast.service.State;
import dev.holdfast.store.Database;
import dev.holdfast.store.memory.MemoryStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LoopbackForwardTest {
  private final SecureRandom random = new SecureRandom();
  private final Authority authority = authority("one");

  private Authority authority(String name) {
    return Authority.open(new State(new Database(new MemoryStore())), name, random, Instant.now());
  }

  /** A server that answers with the Host field, and with how many certificates it was shown. */
  private OutwardDoors doors() throws IOException {
    return OutwardDoors.open(
        new OutwardDoors.Wanted(
            List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), List.of()),
        authority,
        LoopbackForwardTest::echo,
        (_, _) -> {},
        Instant.now());
  }

  private static void echo(Exchange exchange) throws IOException {
    int shown = exchange.tls() == null ? -1 : exchange.tls().peer().size();
    exchange.respond(
        200, List.of(), (exchange.header("host") + " " + shown).getBytes(StandardCharsets.UTF_8));
  }

  private static int free() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** What comes back on a fresh connection. */
  private static String ask(int port) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(60_000);
      socket
          .getOutputStream()
          .write(
              "GET / HTTP/1.1\r\nHost: 169.254.170.2\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void carriesBytesAsTheyAreAndNoRightsOfTheHost() throws Exception {
    int port = free();
    try (var doors = doors();
        var forward =
            new LoopbackForward(
                doors.authorities().getFirst(),
                Contexts.client(authority.certificate()).getSocketFactory(),
                () -> port)) {
      forward.listen();
      forward.listen(); // again changes nothing
      assertThat(ask(port)).startsWith("HTTP/1.1 200").endsWith("169.254.170.2 0");
    }
  }

  @Test
  void carriesNothingToAnotherPlatform() throws Exception {
    int port = free();
    try (var doors = doors();
        var forward =
            new LoopbackForward(
                doors.authorities().getFirst(),
                Contexts.client(authority("another").certificate()).getSocketFactory(),
                () -> port)) {
      forward.listen();
      assertThat(asked(port)).isEmpty();
    }
  }

  private static String asked(int port) {
    try {
      return ask(port);
    } catch (IOException _) {
      return ""; // it was cut off
    }
  }
}
