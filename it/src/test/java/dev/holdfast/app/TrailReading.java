// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonNumber;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Region;
import dev.holdfast.service.AuditEvent;
import dev.holdfast.service.State;
import dev.holdfast.store.View;
import dev.holdfast.trail.model.EventKey;
import dev.holdfast.trail.model.TrailTables;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a trail says of the things that a crash test makes. */
final class TrailReading {
  private static final Pattern MARK = Pattern.compile("c\\d+x\\d+|sha256:[0-9a-f]{64}");
  private static final int PAGE = 1_000;

  private TrailReading() {}

  /**
   * How many successful changes there are between two instants, by the event's name and what it is
   * about ({@code counts}), and which events their index does not find ({@code unfound}).
   */
  static JsonObject changes(State state, AccountId account, Instant from, Instant until) {
    Map<String, Integer> counts = new TreeMap<>();
    List<String> unfound = new ArrayList<>();
    String region = Region.GLOBAL.name();
    EventKey after = EventKey.of(region, until, "");
    boolean more = true;
    while (more) {
      EventKey start = after;
      List<TrailTables.Row> page =
          state.read(
              view ->
                  view.list(TrailTables.EVENTS, account, List.of(region), start, PAGE).stream()
                      .filter(row -> !row.event().time().isBefore(from))
                      .peek(row -> lookUp(view, account, row, unfound))
                      .toList());
      page.forEach(row -> count(row.event(), counts));
      more = page.size() == PAGE;
      after = page.isEmpty() ? after : page.getLast().key();
    }
    var members = new LinkedHashMap<String, dev.holdfast.kit.JsonValue>();
    counts.forEach((key, number) -> members.put(key, JsonNumber.of(number)));
    return JsonObject.EMPTY
        .with("counts", new JsonObject(members))
        .with("unfound", JsonArray.ofStrings(unfound));
  }

  private static void count(AuditEvent event, Map<String, Integer> counts) {
    if (event.readOnly() || event.document().string("errorCode") != null) {
      return;
    }
    Matcher mark = MARK.matcher(Json.text(event.document().object("requestParameters")));
    if (mark.find()) {
      counts.merge(event.name() + " " + mark.group(), 1, Integer::sum);
    }
  }

  private static void lookUp(
      View view, AccountId account, TrailTables.Row row, List<String> unfound) {
    AuditEvent event = row.event();
    for (List<String> attribute : TrailTables.attributes(event)) {
      boolean found =
          view
              .byIndex(
                  TrailTables.EVENTS,
                  account,
                  TrailTables.BY_ATTRIBUTE,
                  row.region(),
                  attribute.get(0),
                  attribute.get(1),
                  row.key().order())
              .stream()
              .anyMatch(other -> other.event().id().equals(event.id()));
      if (!found) {
        unfound.add(event.id() + " by " + String.join(" ", attribute));
      }
    }
  }
}
