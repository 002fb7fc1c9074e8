// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.rules;

import dev.holdfast.iam.control.Accounts;
import dev.holdfast.iam.control.Shrinking;
import dev.holdfast.iam.control.Shrinking.Offer;
import dev.holdfast.iam.control.Shrinking.Outcome;
import dev.holdfast.iam.control.Shrinking.Place;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.policy.Shrink.Change;
import dev.holdfast.trail.Walk;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Proposes the least policies for a role of the operator's account; it changes nothing. */
public record ShrinkDesk(Ground ground) {
  private static final long MOST_DAYS = 400;

  /**
   * A proposal.
   *
   * @param days how far back the record goes
   * @throws IllegalArgumentException with what is wrong, in words
   */
  public JsonObject propose(String role, long days) {
    if (days < 1 || days > MOST_DAYS) {
      throw new IllegalArgumentException("--days is a number from 1 to " + MOST_DAYS);
    }
    if (role.equals(Accounts.OPERATOR)) {
      throw new IllegalArgumentException(
          "`" + role + "` is your own way in, and stays as it is: name another role");
    }
    Shrinking shrinking =
        ground
            .iam()
            .shrinking(ground.account(), role)
            .orElseThrow(() -> new IllegalArgumentException("there is no role `" + role + "`"));
    Instant now = ground.operator().now();
    Instant since = now.minus(Duration.ofDays(days));
    // calls that only look are kept for less long than it is counted that there were any
    boolean beyond = since.isBefore(ground.trail().horizon(now));
    Walk.Seen seen =
        ground.trail().each(ground.account(), since, Ground.MOST_EVENTS, shrinking::see);
    if (beyond || !seen.all()) {
      shrinking.incomplete();
    }
    Outcome outcome = shrinking.propose(since);
    return JsonObject.EMPTY
        .with("role", role)
        .with("since", since.toString())
        .with("events", seen.events())
        .with("complete", seen.all())
        .with("beyond", beyond)
        .with("calls", outcome.calls())
        .with("used", JsonArray.ofStrings(outcome.used()))
        .with("unresolved", JsonArray.ofStrings(outcome.unresolved()))
        .with("replayed", outcome.replay().uses())
        .with("allowed", outcome.replay().allowed())
        .with("policies", policies(outcome.offers()));
  }

  private static JsonArray policies(List<Offer> offers) {
    var items = new ArrayList<JsonValue>();
    for (Offer offer : offers) {
      Place place = offer.place();
      PolicyDocument proposed = offer.proposal().document();
      JsonObject item =
          JsonObject.EMPTY
              .with("name", place.name())
              .with("alone", place.alone())
              .with("versions", place.versions())
              .with("version", place.version())
              .with("changed", offer.proposal().changed())
              .with("now", offer.proposal().policy().document().source())
              .with("changes", changes(offer.proposal().changes()));
      if (place.arn() != null) {
        item = item.with("arn", place.arn());
      }
      if (proposed != null) {
        item = item.with("proposed", proposed.source());
      }
      items.add(item);
    }
    return new JsonArray(items);
  }

  private static JsonArray changes(List<Change> changes) {
    var items = new ArrayList<JsonValue>();
    for (Change change : changes) {
      items.add(
          JsonObject.EMPTY
              .with(
                  "statement", change.sid() == null ? "#" + (change.statement() + 1) : change.sid())
              .with("what", change.what().name().toLowerCase(Locale.ROOT))
              .with("why", change.why()));
    }
    return new JsonArray(items);
  }
}
