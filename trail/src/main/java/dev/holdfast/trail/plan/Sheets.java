// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.trail.plan;

import dev.holdfast.kit.AccountId;
import dev.holdfast.service.AuditEvent;
import dev.holdfast.store.NewRow;
import dev.holdfast.trail.model.Block;
import dev.holdfast.trail.model.EventKey;
import dev.holdfast.trail.model.Sheet;
import dev.holdfast.trail.model.TrailTables;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gathers events into sheets, each as large as a reader of many of them can bear. Pure. */
public final class Sheets {
  private static final int MOST_BYTES = 32 * 1024;

  private Sheets() {}

  /** What the events of one sheet have in common. */
  private record Place(AccountId account, String region, Instant second, boolean read) {}

  /**
   * An event, written where it happened: the one thread that brings all of them to disk has less to
   * do so, and less is held in memory meanwhile.
   */
  public static final class Written {
    private final Place place;
    private final Instant time;
    private final String id;
    private final byte[] bytes;
    private final List<List<String>> attributes;
    private final String source;
    private final String name;
    private final String username;

    public Written(AccountId account, String region, AuditEvent event) {
      this.place = new Place(account, region, Sheet.second(event.time()), event.readOnly());
      this.time = event.time();
      this.id = event.id();
      this.bytes = Sheet.written(event);
      this.attributes = TrailTables.attributes(event);
      this.source = event.source();
      this.name = event.name();
      this.username = event.username();
    }

    public AccountId account() {
      return place.account();
    }

    public String region() {
      return place.region();
    }

    public String id() {
      return id;
    }

    public String source() {
      return source;
    }

    public String name() {
      return name;
    }

    public String username() {
      return username;
    }
  }

  /** A sheet that is ready to be kept and chained. */
  public record Ready(NewRow row, Block.Entry entry) {}

  /** Sheets of these events, in their order. */
  public static List<Ready> of(List<Written> events) {
    Map<Place, List<Written>> places = new LinkedHashMap<>();
    events.forEach(event -> places.computeIfAbsent(event.place, _ -> new ArrayList<>()).add(event));
    var ready = new ArrayList<Ready>();
    places.forEach(
        (place, all) -> {
          int from = 0;
          int bytes = 0;
          for (int i = 0; i < all.size(); i++) {
            int next = all.get(i).bytes.length;
            if (i > from && bytes + next > MOST_BYTES) {
              ready.add(sheet(place, all.subList(from, i)));
              from = i;
              bytes = 0;
            }
            bytes += next;
          }
          ready.add(sheet(place, all.subList(from, all.size())));
        });
    return ready;
  }

  private static Ready sheet(Place place, List<Written> events) {
    Written first = events.getFirst();
    EventKey key = Sheet.key(place.region(), first.time, first.id);
    byte[] bytes =
        Sheet.written(place.region(), events.stream().map(event -> event.bytes).toList());
    Set<List<String>> entries = new LinkedHashSet<>();
    for (Written event : events) {
      event.attributes.forEach(pair -> entries.add(TrailTables.entry(key, pair)));
    }
    NewRow row =
        TrailTables.SHEETS.newRow(place.account(), key, bytes, TrailTables.BY_ATTRIBUTE, entries);
    return new Ready(
        row, new Block.Entry(place.account(), key, Chain.hash(bytes), place.read(), true));
  }
}
