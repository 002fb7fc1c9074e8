// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent;

import dev.holdfast.http.Exchange;
import dev.holdfast.http.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the platform on the same host can ask, on a unix socket in its own folder: {@code GET
 * /logs?task=ID,ID&since=SECONDS&follow=true}, {@code POST /cleanup}, and {@code POST /leave}. It
 * serves its own user and root.
 */
final class AgentControl implements AutoCloseable {
  private static final List<Exchange.Header> TEXT =
      List.of(new Exchange.Header("Content-Type", "text/plain; charset=utf-8"));

  private final AgentOptions options;
  private final HostAgent agent;
  private final InstantSource clock;
  private final HttpServer server;

  private AgentControl(AgentOptions options, HostAgent agent, InstantSource clock)
      throws IOException {
    this.options = options;
    this.agent = agent;
    this.clock = clock;
    Files.deleteIfExists(options.control());
    this.server = HttpServer.start(options.control(), this::handle);
    Files.setPosixFilePermissions(options.control(), PosixFilePermissions.fromString("rw-------"));
  }

  static AgentControl open(AgentOptions options, HostAgent agent, InstantSource clock)
      throws IOException {
    return new AgentControl(options, agent, clock);
  }

  private void handle(Exchange exchange) throws IOException {
    String peer = exchange.peerUser();
    if (peer == null || !(peer.equals(System.getProperty("user.name")) || peer.equals("root"))) {
      say(exchange, 403, "this socket serves the agent's own user alone");
      return;
    }
    try {
      switch (exchange.method() + " " + exchange.rawPath()) {
        case "GET /logs" -> logs(exchange, query(exchange.rawQuery()));
        case "POST /cleanup" -> {
          agent.cleanUp();
          exchange.respond(204, List.of(), new byte[0]);
        }
        case "POST /leave" -> {
          agent.leaveForGood();
          exchange.respond(204, List.of(), new byte[0]);
        }
        default -> say(exchange, 404, "no such request");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      say(exchange, 503, "the agent ends");
    } catch (dev.holdfast.agent.engine.EngineException e) {
      say(exchange, 503, String.valueOf(e.getMessage()));
    }
  }

  private void logs(Exchange exchange, Map<String, String> query)
      throws IOException, InterruptedException {
    var answer = new Answer(exchange);
    boolean found =
        TaskLogs.read(
            options.engine(),
            options.installation(),
            new TaskLogs.Wanted(
                List.of(query.getOrDefault("task", "").split(",", -1)),
                query.get("container"),
                since(query.getOrDefault("since", "")),
                "true".equals(query.get("follow"))),
            answer);
    if (!found) {
      say(exchange, 404, "no container of this task is on this host");
      return;
    }
    answer.end();
  }

  /** So many seconds ago; the beginning of time where nothing is said. */
  private Instant since(String seconds) {
    boolean said = seconds.matches("[1-9][0-9]{0,8}");
    return said ? clock.instant().minusSeconds(Long.parseLong(seconds)) : Instant.EPOCH;
  }

  /** Opens the answer with the first piece, since only then it is known that there is one. */
  private static final class Answer implements TaskLogs.Sink {
    private final Exchange exchange;
    private @org.jspecify.annotations.Nullable OutputStream out;

    Answer(Exchange exchange) {
      this.exchange = exchange;
    }

    private OutputStream out() throws IOException {
      OutputStream known = out;
      if (known == null) {
        known = exchange.stream(200, TEXT, -1);
        out = known;
      }
      return known;
    }

    @Override
    public void piece(String container, boolean error, String text) throws IOException {
      out().write(text.getBytes(StandardCharsets.UTF_8));
      out().flush();
    }

    void end() throws IOException {
      out().close();
    }
  }

  private static Map<String, String> query(String raw) {
    var query = new HashMap<String, String>();
    for (String pair : raw.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        query.put(
            pair.substring(0, equals),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return query;
  }

  private static void say(Exchange exchange, int status, String text) throws IOException {
    exchange.respond(status, TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    server.close();
    try {
      Files.deleteIfExists(options.control());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
