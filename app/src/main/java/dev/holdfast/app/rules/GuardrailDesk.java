// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.rules;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Ids;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import dev.holdfast.service.AuditEvent;
import dev.holdfast.service.Call;
import dev.holdfast.service.Guardrail;
import dev.holdfast.service.GuardrailException;
import dev.holdfast.service.GuardrailExceptions;
import dev.holdfast.service.Guardrails;
import dev.holdfast.trail.Walk;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Explains guardrails, shows what they said lately, and lowers one for a time. */
public final class GuardrailDesk {
  private static final long MOST_DAYS = 90;

  private final Ground ground;
  private final GuardrailExceptions exceptions;
  private final RandomGenerator random;

  public GuardrailDesk(Ground ground, RandomGenerator random) {
    this.ground = ground;
    this.exceptions = ground.iam().guardrails().exceptions().orElseThrow();
    this.random = random;
  }

  /** What a guardrail said lately. */
  private static final class Lately {
    private long taught;
    private long warned;
    private long refused;
    private @Nullable AuditEvent last;
    private String text = "";

    void see(AuditEvent event, String verdict, String rest) {
      switch (verdict) {
        case "teach" -> taught++;
        case "warn" -> warned++;
        case "refuse" -> refused++;
        default -> {
          return;
        }
      }
      if (last == null || event.time().isAfter(last.time())) {
        last = event;
        text = rest;
      }
    }

    JsonObject json() {
      JsonObject json =
          JsonObject.EMPTY.with("taught", taught).with("warned", warned).with("refused", refused);
      AuditEvent event = last;
      if (event == null) {
        return json;
      }
      String who = event.document().object("userIdentity").string("arn");
      return json.with("last", event.time().toString())
          .with("lastText", text)
          .with("lastBy", who == null ? "" : who)
          .with("lastCall", event.name());
    }
  }

  /**
   * Every guardrail, with what it said within some days.
   *
   * @throws IllegalArgumentException with what is wrong, in words
   */
  public JsonObject all(long days) {
    if (days < 1 || days > MOST_DAYS) {
      throw new IllegalArgumentException("--days is a number from 1 to " + MOST_DAYS);
    }
    Instant now = ground.operator().now();
    Map<String, Lately> lately = new TreeMap<>();
    boolean complete = true;
    long left = Ground.MOST_EVENTS;
    for (AccountId account : ground.iam().accounts().all()) {
      Walk.Seen seen =
          ground
              .trail()
              .each(account, now.minus(Duration.ofDays(days)), left, event -> see(event, lately));
      left -= seen.events();
      complete &= seen.all();
    }
    Guardrails guardrails = ground.iam().guardrails();
    var items = new ArrayList<JsonValue>();
    for (Guardrail rule : Guardrails.ALL) {
      items.add(
          JsonObject.EMPTY
              .with("id", rule.id())
              .with("practice", rule.practice())
              .with("text", rule.text())
              .with("mode", guardrails.mode(rule).name().toLowerCase(Locale.ROOT))
              .with("lately", lately.getOrDefault(rule.id(), new Lately()).json()));
    }
    return JsonObject.EMPTY
        .with("profile", guardrails.profile().name().toLowerCase(Locale.ROOT))
        .with("days", days)
        .with("complete", complete)
        .with("guardrails", new JsonArray(items))
        .with(
            "exceptions",
            new JsonArray(exceptions.holding(now).stream().map(e -> (JsonValue) json(e)).toList()));
  }

  /** Verdicts such as {@code teach image-trusted: the image ...}. */
  private static void see(AuditEvent event, Map<String, Lately> lately) {
    for (JsonValue note : event.document().object("additionalEventData").array("guardrails")) {
      if (note instanceof JsonString(var text)) {
        int space = text.indexOf(' ');
        int colon = text.indexOf(": ", space);
        if (space > 0 && colon > 0) {
          lately
              .computeIfAbsent(text.substring(space + 1, colon), _ -> new Lately())
              .see(event, text.substring(0, space), text.substring(colon + 2));
        }
      }
    }
  }

  /** What lowers a guardrail now, for people. */
  public List<String> standing() {
    return exceptions.holding(ground.operator().now()).stream()
        .map(GuardrailException::text)
        .toList();
  }

  /**
   * Lowers a guardrail for a resource, a principal, or both.
   *
   * @param seconds from now on
   * @throws IllegalArgumentException with what is wrong, in words
   */
  public JsonObject except(
      String guardrail,
      @Nullable String resource,
      @Nullable String principal,
      long seconds,
      String reason) {
    Instant now = ground.operator().now();
    long bounded = Math.clamp(seconds, 0, GuardrailExceptions.LONGEST.toSeconds() + 1);
    var exception =
        new GuardrailException(
            Ids.base32(random, "E", 8),
            ground.account(),
            guardrail,
            resource,
            principal,
            now,
            now.plusSeconds(bounded),
            reason);
    exceptions.add(call("LowerGuardrail", exception), exception);
    return json(exception);
  }

  /**
   * Raises a guardrail before its exception ends.
   *
   * @throws IllegalArgumentException where there is no such exception
   */
  public JsonObject end(String id) {
    Call call = ground.call("RaiseGuardrail", JsonObject.EMPTY.with("exception", id));
    return exceptions
        .end(call, id)
        .map(GuardrailDesk::json)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no exception `" + id + "`; see ./holdfast guardrails"));
  }

  private Call call(String event, GuardrailException exception) {
    return ground.call(event, json(exception));
  }

  private static JsonObject json(GuardrailException exception) {
    JsonObject json =
        JsonObject.EMPTY
            .with("exception", exception.id())
            .with("guardrail", exception.guardrail())
            .with("from", exception.from().toString())
            .with("until", exception.until().toString())
            .with("reason", exception.reason());
    if (exception.resource() != null) {
      json = json.with("resource", exception.resource());
    }
    return exception.principal() == null ? json : json.with("principal", exception.principal());
  }
}
