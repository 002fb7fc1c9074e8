// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.http.Exchange;
import dev.holdfast.http.Exchange.Header;
import dev.holdfast.http.HttpHandler;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The admin socket: everything that hands out power without a signature. Whoever can open the
 * socket is the operator; its folder is 0700, and no network port serves any of this.
 */
final class AdminDoor implements HttpHandler {
  private static final System.Logger LOG = System.getLogger("admin");
  private static final int MAX_BODY = 64 * 1024;

  /** What the operator may ask of the platform. */
  interface Operator {
    JsonObject status();

    JsonObject credentials();

    /** Makes an account with an administrator; refused outside {@code dev}. */
    JsonObject createAccount();

    void deleteAccount(AccountId account);

    Optional<String> explainDenial(String authorizationId);

    Optional<String> explainTask(String arn);

    /** Writes the log of a task; returns with the task's end, or at once where it is not followed. */
    void logs(String task, boolean follow, OutputStream out) throws IOException;

    JsonObject verifyAudit();

    /**
     * Begins to stop.
     *
     * @param tasks {@code stop}, {@code keep}, or empty to be refused while tasks run
     * @return what runs, where that is a reason not to stop
     */
    List<String> shutdown(String tasks);
  }

  private final Operator operator;

  AdminDoor(Operator operator) {
    this.operator = operator;
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    try {
      route(exchange);
    } catch (Refusal e) {
      json(exchange, 403, message(String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "an admin request failed", e);
      json(exchange, 500, message("an internal error occurred; the log has it"));
    }
  }

  private void route(Exchange exchange) throws IOException {
    String path = exchange.rawPath();
    switch (exchange.method() + " " + path) {
      case "GET /status" -> json(exchange, 200, operator.status());
      case "GET /credentials" -> json(exchange, 200, operator.credentials());
      case "POST /accounts" -> json(exchange, 200, operator.createAccount());
      case "POST /audit/verify" -> json(exchange, 200, operator.verifyAudit());
      case "POST /shutdown" -> shutdown(exchange);
      case "GET /tasks/explain" ->
          found(
              exchange,
              operator.explainTask(query(exchange).getOrDefault("task", "")),
              "no such task");
      case "GET /logs" -> logs(exchange);
      default -> {
        if (exchange.method().equals("GET") && path.startsWith("/explain/")) {
          found(
              exchange,
              operator.explainDenial(path.substring("/explain/".length())),
              "no denial with this authorization id is known");
        } else if (exchange.method().equals("DELETE") && path.startsWith("/accounts/")) {
          deleteAccount(exchange, path.substring("/accounts/".length()));
        } else {
          json(exchange, 404, message("nothing is served here"));
        }
      }
    }
  }

  private void deleteAccount(Exchange exchange, String digits) throws IOException {
    Optional<AccountId> account = AccountId.parse(digits);
    if (account.isEmpty()) {
      json(exchange, 400, message("an account id has twelve digits"));
      return;
    }
    operator.deleteAccount(account.get());
    exchange.respond(204, List.of(), new byte[0]);
  }

  private void shutdown(Exchange exchange) throws IOException {
    byte[] body = exchange.body().readNBytes(MAX_BODY);
    String tasks = body.length == 0 ? "" : Json.parseObject(body).string("tasks");
    List<String> running = operator.shutdown(tasks == null ? "" : tasks);
    if (running.isEmpty()) {
      json(exchange, 202, JsonObject.EMPTY.with("message", "stopping"));
    } else {
      json(
          exchange,
          409,
          message(running.size() + " tasks run here; say --stop-tasks or --keep-tasks")
              .with("tasks", dev.holdfast.kit.JsonValue.JsonArray.ofStrings(running)));
    }
  }

  /** The answer begins with the first output, so that a refusal can still be one. */
  private void logs(Exchange exchange) throws IOException {
    Map<String, String> query = query(exchange);
    var out = new LateStream(exchange);
    operator.logs(query.getOrDefault("task", ""), "true".equals(query.get("follow")), out);
    out.begin();
  }

  /** Starts the answer when the first byte is written. */
  private static final class LateStream extends OutputStream {
    private final Exchange exchange;
    private @Nullable OutputStream begun;

    LateStream(Exchange exchange) {
      this.exchange = exchange;
    }

    OutputStream begin() throws IOException {
      OutputStream known = begun;
      if (known == null) {
        known = exchange.stream(200, List.of(new Header("Content-Type", "text/plain")), -1);
        begun = known;
      }
      return known;
    }

    @Override
    public void write(int b) throws IOException {
      begin().write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      begin().write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
      begin().flush();
    }
  }

  private static Map<String, String> query(Exchange exchange) {
    var parameters = new java.util.HashMap<String, String>();
    for (String pair : exchange.rawQuery().split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        parameters.put(
            pair.substring(0, equals),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return parameters;
  }

  private static void found(Exchange exchange, Optional<String> text, String otherwise)
      throws IOException {
    if (text.isPresent()) {
      json(exchange, 200, JsonObject.EMPTY.with("text", text.get()));
    } else {
      json(exchange, 404, message(otherwise));
    }
  }

  private static JsonObject message(String text) {
    return JsonObject.EMPTY.with("message", text);
  }

  private static void json(Exchange exchange, int status, JsonObject body) throws IOException {
    exchange.respond(
        status, List.of(new Header("Content-Type", "application/json")), Json.bytes(body));
  }
}
