// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.trail.control;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Region;
import dev.holdfast.kit.Unicode;
import dev.holdfast.service.AuditEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Events that found no place, neither on the full disk nor in memory, or that hold what cannot be
 * written: who did what how often, so that the trail tells at least that once it can be written
 * again.
 */
final class Missed {
  private static final String NAME = "EventsNotKept";
  private static final String SOURCE = "holdfast.platform";

  /** More kinds than these are told as one. */
  private static final int MOST_KINDS = 1000;

  /** Guards {@code counts}. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Map<Kind, Long> counts = new TreeMap<>();

  private record Kind(String account, String region, String event, String username)
      implements Comparable<Kind> {
    @Override
    public int compareTo(Kind other) {
      return toString().compareTo(other.toString());
    }
  }

  /** An event of an account and where it goes. */
  record Summary(AccountId account, Region region, AuditEvent event) {}

  void count(AccountId account, Region region, AuditEvent event) {
    count(account, region.name(), event.source(), event.name(), event.username());
  }

  void count(AccountId account, String region, String source, String event, String username) {
    var kind =
        new Kind(
            account.digits(),
            region,
            source.replace(".amazonaws.com", "") + ":" + event,
            Unicode.writable(username));
    lock.lock();
    try {
      boolean room = counts.containsKey(kind) || counts.size() < MOST_KINDS;
      counts.merge(
          room ? kind : new Kind(account.digits(), region, "others", "others"), 1L, Long::sum);
    } finally {
      lock.unlock();
    }
  }

  /** One event for each account and region that missed some; forgets what it tells. */
  List<Summary> take(Instant now) {
    Map<String, List<Map.Entry<Kind, Long>>> byPlace = new TreeMap<>();
    lock.lock();
    try {
      for (Map.Entry<Kind, Long> count : counts.entrySet()) {
        Kind kind = count.getKey();
        byPlace
            .computeIfAbsent(kind.account() + " " + kind.region(), _ -> new ArrayList<>())
            .add(Map.entry(kind, count.getValue()));
      }
      counts.clear();
    } finally {
      lock.unlock();
    }
    return byPlace.values().stream().map(kinds -> summary(kinds, now)).toList();
  }

  private static Summary summary(List<Map.Entry<Kind, Long>> kinds, Instant now) {
    Kind first = kinds.getFirst().getKey();
    var items = new ArrayList<JsonValue>();
    for (Map.Entry<Kind, Long> kind : kinds) {
      items.add(
          JsonObject.EMPTY
              .with("event", kind.getKey().event())
              .with("userName", kind.getKey().username())
              .with("times", kind.getValue()));
    }
    JsonArray missed = new JsonArray(items);
    String id =
        UUID.nameUUIDFromBytes((now + first.toString()).getBytes(StandardCharsets.UTF_8))
            .toString();
    JsonObject document =
        JsonObject.EMPTY
            .with("eventVersion", "1.11")
            .with("eventTime", now.toString())
            .with("eventSource", SOURCE)
            .with("eventName", NAME)
            .with("eventID", id)
            .with("awsRegion", first.region())
            .with("recipientAccountId", first.account())
            .with("readOnly", false)
            .with("eventType", "AwsServiceEvent")
            .with(
                "serviceEventDetails",
                JsonObject.EMPTY
                    .with("reason", "no room was left, or they held what cannot be written")
                    .with("missed", missed));
    var event = new AuditEvent(id, now, SOURCE, NAME, false, "holdfast", "", List.of(), document);
    return new Summary(new AccountId(first.account()), new Region(first.region()), event);
  }
}
