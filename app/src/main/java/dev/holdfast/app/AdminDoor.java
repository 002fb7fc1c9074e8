// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.app.output.Shown;
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

  /** So many of the tasks that are in the way of an end are named. */
  private static final int MOST_NAMED = 20;

  /**
   * Whose output is asked for.
   *
   * @param name of a service, or a task's id or ARN
   * @param cluster its name; empty means any
   * @param since seconds back; 0 means from the beginning
   * @param follow whether to go on as more is written
   */
  record LogQuery(String name, String cluster, long since, boolean follow) {}

  /** What the operator may ask of the platform. */
  interface Operator {
    JsonObject status();

    /** Where it answers, and its agent: what is known without counting anything. */
    JsonObject ready();

    JsonObject credentials();

    /** Removes an account with everything in it; refused outside {@code dev}. */
    void deleteAccount(AccountId account);

    Optional<String> explainDenial(String authorizationId);

    Optional<String> explainTask(String arn);

    /**
     * Shows the output of a task, or of a service's tasks; it ends with them, or at once where it
     * is not followed.
     */
    void logs(LogQuery query, Shown shown) throws IOException;

    JsonObject verifyAudit();

    /**
     * Accounts, backups, the root key, restored access keys, and what is shown from day to day;
     * false where the request is of none.
     */
    boolean custody(Exchange exchange, JsonObject body) throws IOException;

    /** The operator says that the machine's clock is right. */
    JsonObject confirmClock();

    /**
     * Begins to stop.
     *
     * @param tasks {@code stop}, {@code keep}, or empty to be refused while tasks run
     * @return what runs, where that is a reason not to stop
     */
    List<String> shutdown(String tasks);
  }

  private final Operator operator;
  private final String owner;

  /**
   * The door of one user.
   *
   * @param owner the user that the platform runs as
   */
  AdminDoor(Operator operator, String owner) {
    this.operator = operator;
    this.owner = owner;
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    try {
      String peer = exchange.peerUser();
      if (peer == null || !(peer.equals(owner) || peer.equals("root"))) {
        throw new Refusal("this socket serves the user " + owner + " alone");
      }
      route(exchange);
    } catch (Unreadable e) {
      json(exchange, e.status, message(String.valueOf(e.getMessage())));
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
      case "GET /ready" -> json(exchange, 200, operator.ready());
      case "GET /credentials" -> json(exchange, 200, operator.credentials());
      case "POST /clock" -> json(exchange, 200, operator.confirmClock());
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
        } else if (!operator.custody(exchange, body(exchange))) {
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
    String tasks = body(exchange).string("tasks");
    List<String> running = operator.shutdown(tasks == null ? "" : tasks);
    if (running.isEmpty()) {
      json(exchange, 202, JsonObject.EMPTY.with("message", "stopping"));
    } else {
      List<String> named = running.subList(0, Math.min(MOST_NAMED, running.size()));
      json(
          exchange,
          409,
          message(running.size() + " tasks run here; say --stop-tasks or --keep-tasks")
              .with("tasks", dev.holdfast.kit.JsonValue.JsonArray.ofStrings(named))
              .with("more", running.size() - named.size()));
    }
  }

  /** A request that is none. */
  private static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int status;

    Unreadable(int status, String message) {
      super(message, null, false, false);
      this.status = status;
    }
  }

  private static JsonObject body(Exchange exchange) throws IOException {
    byte[] body = exchange.body().readNBytes(MAX_BODY + 1);
    if (body.length > MAX_BODY) {
      throw new Unreadable(413, "the body is longer than " + MAX_BODY + " bytes");
    }
    try {
      return body.length == 0 ? JsonObject.EMPTY : Json.parseObject(body);
    } catch (Json.MalformedJson _) {
      throw new Unreadable(400, "the body is no JSON object");
    }
  }

  private void logs(Exchange exchange) throws IOException {
    Map<String, String> query = query(exchange);
    String since = query.getOrDefault("since", "");
    var answer = new LogAnswer(exchange, "true".equals(query.get("frames")));
    operator.logs(
        new LogQuery(
            query.getOrDefault("task", ""),
            query.getOrDefault("cluster", ""),
            since.matches("[0-9]{1,9}") ? Long.parseLong(since) : 0,
            "true".equals(query.get("follow"))),
        answer);
    answer.end();
  }

  /**
   * Output as it comes: as it is, or in frames, an object a line, which also say whose output
   * cannot be had. It is opened with the first, since it may be refused until then.
   */
  private static final class LogAnswer implements Shown {
    private final Exchange exchange;
    private final boolean frames;
    private @Nullable OutputStream out;

    LogAnswer(Exchange exchange, boolean frames) {
      this.exchange = exchange;
      this.frames = frames;
    }

    private void write(String text) throws IOException {
      OutputStream known = out;
      if (known == null) {
        known = exchange.stream(200, List.of(new Header("Content-Type", "text/plain")), -1);
        out = known;
      }
      known.write(text.getBytes(StandardCharsets.UTF_8));
      known.flush();
    }

    private void frame(JsonObject frame) throws IOException {
      write(Json.text(frame) + "\n");
    }

    @Override
    public void text(String text) throws IOException {
      if (frames) {
        frame(JsonObject.EMPTY.with("text", text));
      } else {
        write(text);
      }
    }

    @Override
    public void note(String text) throws IOException {
      if (frames) {
        frame(JsonObject.EMPTY.with("note", text));
      }
    }

    @Override
    public void alive() throws IOException {
      if (frames) {
        frame(JsonObject.EMPTY);
      }
    }

    void end() throws IOException {
      write("");
      if (out != null) {
        out.close();
      }
    }
  }

  private static Map<String, String> query(Exchange exchange) {
    var parameters = new java.util.HashMap<String, String>();
    for (String pair : exchange.rawQuery().split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        try {
          parameters.put(
              pair.substring(0, equals),
              URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException _) {
          throw new Unreadable(400, "the query has an escape that is none");
        }
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
