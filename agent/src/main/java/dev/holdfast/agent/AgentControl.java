// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent;

import dev.holdfast.agent.logs.MergedLogs;
import dev.holdfast.http.Exchange;
import dev.holdfast.http.HttpServer;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the platform on the same host can ask, on a unix socket in its own folder: {@code GET
 * /logs?task=ARN&from=MILLIS&follow=true&whole=true}, {@code POST /cleanup}, and {@code POST
 * /leave}. It serves its own user and root.
 */
final class AgentControl implements AutoCloseable {
  private static final List<Exchange.Header> TEXT =
      List.of(new Exchange.Header("Content-Type", "text/plain; charset=utf-8"));

  private final AgentOptions options;
  private final HostAgent agent;
  private final HttpServer server;

  private AgentControl(AgentOptions options, HostAgent agent) throws IOException {
    this.options = options;
    this.agent = agent;
    Files.deleteIfExists(options.control());
    this.server = HttpServer.start(options.control(), this::handle);
    Files.setPosixFilePermissions(options.control(), PosixFilePermissions.fromString("rw-------"));
  }

  static AgentControl open(AgentOptions options, HostAgent agent) throws IOException {
    return new AgentControl(options, agent);
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

  private void logs(Exchange exchange, Map<String, String> query) throws IOException {
    var answer = new Answer(exchange);
    boolean found =
        TaskLogs.read(
            options.engine(),
            options.installation(),
            new TaskLogs.Wanted(
                query.getOrDefault("task", ""),
                query.get("container"),
                since(query.getOrDefault("from", "")),
                "true".equals(query.get("follow")),
                "true".equals(query.get("whole"))),
            answer);
    if (!found) {
      say(exchange, 404, "no container of this task is on this host");
      return;
    }
    answer.end();
  }

  /** A time in milliseconds; the beginning of time where nothing is said. */
  private static Instant since(String millis) {
    return millis.matches("[1-9][0-9]{0,14}")
        ? Instant.ofEpochMilli(Long.parseLong(millis))
        : Instant.EPOCH;
  }

  /**
   * An object a line: {@code {"container", "at", "text"}}, or an empty one where nothing was
   * written for a while. It is opened with the first, since only then it is known that there is
   * one.
   */
  private static final class Answer implements MergedLogs.Sink {
    private final Exchange exchange;
    private @Nullable OutputStream out;

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
    public void line(String container, long millis, String text) throws IOException {
      say(JsonObject.EMPTY.with("container", container).with("at", millis).with("text", text));
    }

    @Override
    public void alive() throws IOException {
      say(JsonObject.EMPTY);
    }

    private void say(JsonObject line) throws IOException {
      out().write((Json.text(line) + "\n").getBytes(StandardCharsets.UTF_8));
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
