// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.trail.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Ids;
import dev.holdfast.service.AuditEvent;
import dev.holdfast.store.Table;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The trail's tables. */
public final class TrailTables {
  /** The index of events by an attribute that {@code LookupEvents} knows. */
  public static final String BY_ATTRIBUTE = "attribute";

  public static final String EVENT_NAME = "EventName";
  public static final String EVENT_ID = "EventId";
  public static final String RESOURCE_NAME = "ResourceName";

  /** An event with its region. */
  public record Row(String region, AuditEvent event) {
    public EventKey key() {
      return EventKey.of(region, event.time(), event.id());
    }
  }

  /** An event that no block holds yet. */
  public record Pending(AccountId account, EventKey key, String hash, boolean read) {
    /** Pending events sort by time, then id. */
    public List<String> segments() {
      return List.of(
          Ids.padded(key.time().toEpochMilli(), 16), key.id(), account.digits(), key.region());
    }
  }

  public static final Table<EventKey, Row> EVENTS =
      Table.of("trail-events", Row.class, EventKey::segments)
          .index(BY_ATTRIBUTE, TrailTables::entries)
          .uncached();

  public static final Table<EventKey, Sheet> SHEETS =
      Table.of("trail-sheets", Sheet.class, EventKey::segments)
          .index(BY_ATTRIBUTE, sheet -> List.copyOf(sheet.entries()))
          .uncached()
          .packed();

  /** Rows of the platform. */
  public static final Table<Pending, Pending> PENDING =
      Table.of("trail-pending", Pending.class, Pending::segments).uncached();

  public static final Table<Long, Block> BLOCKS =
      Table.of("trail-blocks", Block.class, TrailTables::number).uncached();

  public static final Table<String, Head> HEAD = Table.of("trail-head", Head.class, List::of);

  /** What was dropped from the chain's beginning; one row. */
  public static final Table<String, Base> BASE = Table.of("trail-base", Base.class, List::of);

  /** Accounts that were removed with everything in them, their events too. Rows of the platform. */
  public static final Table<AccountId, Removal> REMOVALS =
      Table.of("trail-removals", Removal.class, account -> List.of(account.digits()));

  public static final Table<String, SigningKey> KEYS =
      Table.of("trail-keys", SigningKey.class, List::of);

  private TrailTables() {}

  private static List<String> number(Long sequence) {
    return List.of(Ids.padded(sequence, 16));
  }

  /**
   * What an event is looked up by: attributes that {@code LookupEvents} knows, with their values.
   * An id that tells the event's time needs no index.
   */
  public static List<List<String>> attributes(AuditEvent event) {
    var pairs = new ArrayList<List<String>>();
    pairs.add(List.of(EVENT_NAME, event.name()));
    if (!Ids.timeOf(event.id()).equals(Optional.of(event.time().truncatedTo(ChronoUnit.MILLIS)))) {
      pairs.add(List.of(EVENT_ID, event.id()));
    }
    event.resources().forEach(arn -> pairs.add(List.of(RESOURCE_NAME, arn)));
    return pairs;
  }

  /** The index entry of an attribute at a place. */
  public static List<String> entry(EventKey key, List<String> attribute) {
    return List.of(key.region(), attribute.getFirst(), attribute.getLast(), key.order());
  }

  private static List<List<String>> entries(Row row) {
    return attributes(row.event()).stream().map(pair -> entry(row.key(), pair)).toList();
  }
}
