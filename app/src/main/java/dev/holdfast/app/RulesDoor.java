// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.app.rules.Ground;
import dev.holdfast.app.rules.GuardrailDesk;
import dev.holdfast.app.rules.QuotaDesk;
import dev.holdfast.app.rules.RevokeDesk;
import dev.holdfast.app.rules.ShrinkDesk;
import dev.holdfast.http.Exchange;
import dev.holdfast.http.Exchange.Header;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Call;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * The part of the admin socket that is about rules: quotas, rights that shrink, revocations,
 * guardrails.
 */
final class RulesDoor {
  private final QuotaDesk quotas;
  private final ShrinkDesk shrinks;
  private final RevokeDesk revocations;
  private final GuardrailDesk guardrails;

  private RulesDoor(Ground ground, GuardrailDesk guardrails) {
    this.quotas = new QuotaDesk(ground);
    this.shrinks = new ShrinkDesk(ground);
    this.revocations = new RevokeDesk(ground);
    this.guardrails = guardrails;
  }

  static RulesDoor of(OpenDirectory directory) {
    var operator =
        new Ground.Operator() {
          @Override
          public Call call(String source, String name, JsonObject parameters) {
            return directory.operator().call(source, name, parameters);
          }

          @Override
          public Instant now() {
            return directory.foundation().clock().instant();
          }
        };
    var ground =
        new Ground(
            directory.foundation().state(),
            directory.iam(),
            directory.trail(),
            directory.installation().account(),
            operator);
    return new RulesDoor(ground, new GuardrailDesk(ground, directory.foundation().random()));
  }

  /** Answers where the path is one of its own; false where it is not. */
  boolean handle(Exchange exchange, JsonObject body) throws IOException {
    JsonObject answer;
    try {
      switch (exchange.method() + " " + exchange.rawPath()) {
        case "GET /quotas" -> answer = quotas.all();
        case "POST /quotas" -> answer = quotas.set(text(body, "name"), number(body, "most"));
        case "POST /iam/shrink" ->
            answer = shrinks.propose(text(body, "role"), number(body, "days"));
        case "POST /iam/revoke" -> answer = revocations.revoke(text(body, "named"));
        case "POST /guardrails" -> answer = guardrails.all(number(body, "days"));
        case "POST /guardrails/except" ->
            answer =
                guardrails.except(
                    text(body, "guardrail"),
                    body.string("resource"),
                    body.string("principal"),
                    number(body, "seconds"),
                    text(body, "reason"));
        case "POST /guardrails/end" -> answer = guardrails.end(text(body, "exception"));
        default -> {
          return false;
        }
      }
    } catch (IllegalArgumentException e) {
      throw new Refusal(String.valueOf(e.getMessage()));
    }
    exchange.respond(
        200, List.of(new Header("Content-Type", "application/json")), Json.bytes(answer));
    return true;
  }

  /** What the operator lowered, for the status. */
  List<String> warnings() {
    return guardrails.standing();
  }

  private static String text(JsonObject body, String name) {
    String text = body.string(name);
    return text == null ? "" : text;
  }

  private static long number(JsonObject body, String name) {
    Long number = body.integer(name);
    return number == null ? 0 : number;
  }
}
