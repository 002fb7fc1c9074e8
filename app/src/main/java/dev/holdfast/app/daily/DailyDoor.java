// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.daily;

import dev.holdfast.ecs.Ecs;
import dev.holdfast.ecs.control.Journal;
import dev.holdfast.ecs.daily.Daily;
import dev.holdfast.ecs.model.JournalEvent;
import dev.holdfast.http.Exchange;
import dev.holdfast.http.Exchange.Header;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The part of the admin socket that shows: {@code GET /ps}, {@code /top}, {@code /history}, {@code
 * /events} and {@code /tasks/named}. Each answers a page; {@code next} asks for the one after it.
 */
public final class DailyDoor {
  private static final int FOLLOWERS = 64;
  private static final long LONGEST_WAIT = 30;

  private final Ecs ecs;
  private final Semaphore followers = new Semaphore(FOLLOWERS);

  public DailyDoor(Ecs ecs) {
    this.ecs = ecs;
  }

  /** Answers where the path is one of its own; false where it is not. */
  public boolean handle(Exchange exchange) throws IOException {
    if (!exchange.method().equals("GET")) {
      return false;
    }
    Map<String, String> asked = query(exchange);
    switch (exchange.rawPath()) {
      case "/ps" -> json(exchange, 200, ecs.daily().tasks(wanted(asked)));
      case "/top" -> json(exchange, 200, ecs.daily().use(wanted(asked)));
      case "/history" -> json(exchange, 200, ecs.daily().history(wanted(asked)));
      case "/tasks/named" ->
          json(
              exchange,
              200,
              JsonObject.EMPTY.with(
                  "tasks", JsonArray.ofStrings(ecs.daily().named(asked.getOrDefault("task", "")))));
      case "/events" -> events(exchange, asked);
      default -> {
        return false;
      }
    }
    return true;
  }

  private Daily.Query wanted(Map<String, String> asked) {
    return new Daily.Query(
        asked.getOrDefault("cluster", ""),
        asked.getOrDefault("service", ""),
        "true".equals(asked.get("all")),
        since(asked),
        asked.getOrDefault("after", ""),
        (int) number(asked, "limit", Daily.PAGE));
  }

  private @Nullable Instant since(Map<String, String> asked) {
    long seconds = number(asked, "since", 0);
    return seconds == 0 ? null : ecs.daily().ago(Duration.ofSeconds(seconds));
  }

  /**
   * {@code after} is the number of the last event known; without it, and without {@code since},
   * what happens from now on is meant. With {@code wait} the answer comes with the next event, or
   * empty after so many seconds.
   */
  private void events(Exchange exchange, Map<String, String> asked) throws IOException {
    Journal journal = ecs.journal();
    Instant since = since(asked);
    long after =
        asked.containsKey("after")
            ? number(asked, "after", 0)
            : since == null ? journal.newest() : journal.before(since);
    Predicate<JournalEvent> wanted = of(asked);
    int limit = Math.clamp(number(asked, "limit", Daily.PAGE), 1, Daily.PAGE);
    long wait = Math.min(number(asked, "wait", 0), LONGEST_WAIT);
    Journal.Page page = journal.read(after, wanted, limit);
    if (page.events().isEmpty() && !page.gap() && wait > 0) {
      if (!followers.tryAcquire()) {
        json(exchange, 429, message("too many follow the events already: " + FOLLOWERS));
        return;
      }
      try {
        page = await(journal, page, wanted, limit, Duration.ofSeconds(wait));
      } finally {
        followers.release();
      }
    }
    json(
        exchange,
        200,
        JsonObject.EMPTY
            .with(
                "events",
                new JsonArray(page.events().stream().map(e -> (JsonValue) shown(e)).toList()))
            .with("next", page.next())
            .with("gap", page.gap()));
  }

  private static Journal.Page await(
      Journal journal,
      Journal.Page first,
      Predicate<JournalEvent> wanted,
      int limit,
      Duration most) {
    Journal.Page page = first;
    long end = System.nanoTime() + most.toNanos();
    try {
      while (page.events().isEmpty() && !page.gap()) {
        long left = end - System.nanoTime();
        if (left <= 0 || !journal.await(page.next(), Duration.ofNanos(left))) {
          return page;
        }
        page = journal.read(page.next(), wanted, limit);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return page;
  }

  private static Predicate<JournalEvent> of(Map<String, String> asked) {
    String cluster = asked.getOrDefault("cluster", "");
    String service = asked.getOrDefault("service", "");
    return event ->
        (cluster.isEmpty() || cluster.equals(event.place().cluster()))
            && (service.isEmpty() || service.equals(event.service()));
  }

  private static JsonObject shown(JournalEvent event) {
    return JsonObject.EMPTY.with("number", event.number()).with("event", event.event());
  }

  private static long number(Map<String, String> asked, String name, long otherwise) {
    String text = asked.getOrDefault(name, "");
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : otherwise;
  }

  private static Map<String, String> query(Exchange exchange) {
    var parameters = new HashMap<String, String>();
    for (String pair : exchange.rawQuery().split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        try {
          parameters.put(
              pair.substring(0, equals),
              URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException _) {
          // What cannot be read is absent.
        }
      }
    }
    return parameters;
  }

  private static JsonObject message(String text) {
    return JsonObject.EMPTY.with("message", text);
  }

  private static void json(Exchange exchange, int status, JsonObject body) throws IOException {
    exchange.respond(
        status, List.of(new Header("Content-Type", "application/json")), Json.bytes(body));
  }
}
