// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.trail.api;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Ids;
import dev.holdfast.store.View;
import dev.holdfast.store.View.IndexEntry;
import dev.holdfast.trail.model.EventKey;
import dev.holdfast.trail.model.Sheet;
import dev.holdfast.trail.model.TrailTables;
import dev.holdfast.trail.model.TrailTables.Row;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the newest events of a region that pass, among those kept one by one and those in sheets.
 * It reads page by page and holds no more than it was asked for, so that a long trail costs no
 * memory.
 *
 * @param attribute what an index is asked for, or null to look at all
 * @param after the place to begin after, or null
 * @param oldest what is older is not looked at; null for all
 * @param wanted which events pass
 */
record Search(
    View view,
    AccountId account,
    String region,
    @Nullable Attribute attribute,
    @Nullable EventKey after,
    @Nullable Instant oldest,
    Predicate<Row> wanted) {
  private static final Set<String> INDEXED =
      Set.of(TrailTables.EVENT_NAME, TrailTables.EVENT_ID, TrailTables.RESOURCE_NAME);
  private static final int PAGE = 128;
  private static final int SHEETS = 16;

  /** An attribute of {@code LookupEvents} that an index may know. */
  record Attribute(String key, String value) {}

  /** At most {@code most} events, newest first. */
  List<Row> newest(int most) {
    var found = new Found(most);
    Instant told =
        attribute != null && attribute.key().equals(TrailTables.EVENT_ID)
            ? Ids.timeOf(attribute.value()).orElse(null)
            : null;
    if (attribute != null && told != null) {
      byId(attribute.value(), told, found);
    }
    if (found.rows.isEmpty()) {
      singles(found);
      sheets(found);
    }
    return List.copyOf(found.rows);
  }

  /** The newest so far. */
  private static final class Found {
    private final TreeSet<Row> rows =
        new TreeSet<>(
            Comparator.comparing((Row row) -> row.key().order())
                .thenComparing(row -> row.key().id()));
    private final int most;

    Found(int most) {
      this.most = most;
    }

    void add(Row row) {
      rows.add(row);
      if (rows.size() > most) {
        rows.pollLast();
      }
    }

    /** Whether they are all newer than what is older than an instant. */
    boolean full(Instant end) {
      return rows.size() == most && !rows.getLast().event().time().isBefore(end);
    }
  }

  /** Whether what is older than an instant cannot be asked for any more. */
  private boolean over(Found found, Instant end) {
    return found.full(end) || (oldest != null && !end.isAfter(oldest));
  }

  private void look(Row row, Found found) {
    if ((after == null || row.key().isAfter(after)) && wanted.test(row)) {
      found.add(row);
    }
  }

  /** The event whose id tells when it was. */
  private void byId(String id, Instant told, Found found) {
    Row single = view.get(TrailTables.EVENTS, account, EventKey.of(region, told, id));
    if (single != null) {
      look(single, found);
      return;
    }
    EventKey place = Sheet.before(region, told);
    List<Sheet> page = sheetsOfOneSecond(place);
    while (!page.isEmpty() && found.rows.isEmpty()) {
      page.forEach(sheet -> lookInto(sheet, found));
      page = sheetsOfOneSecond(page.getLast().key());
    }
  }

  private List<Sheet> sheetsOfOneSecond(EventKey place) {
    return view.list(TrailTables.SHEETS, account, List.of(region, place.order()), place, SHEETS);
  }

  private void singles(Found found) {
    List<Row> page = singles(after);
    while (!page.isEmpty()) {
      page.forEach(row -> look(row, found));
      Row last = page.getLast();
      if (over(found, last.event().time().plusMillis(1))) {
        return;
      }
      page = singles(last.key());
    }
  }

  private List<Row> singles(@Nullable EventKey place) {
    Attribute indexed = indexed();
    if (indexed == null) {
      return view.list(TrailTables.EVENTS, account, List.of(region), place, PAGE);
    }
    return view.byIndex(
        TrailTables.EVENTS, account, TrailTables.BY_ATTRIBUTE, looked(indexed), at(place), PAGE);
  }

  private void sheets(Found found) {
    EventKey place = after == null ? null : Sheet.before(region, after.time());
    List<Sheet> page = sheets(place);
    while (!page.isEmpty()) {
      for (Sheet sheet : page) {
        if (over(found, sheet.key().time().plusSeconds(1))) {
          return;
        }
        lookInto(sheet, found);
      }
      page = sheets(page.getLast().key());
    }
  }

  private List<Sheet> sheets(@Nullable EventKey place) {
    Attribute indexed = indexed();
    if (indexed == null) {
      return view.list(TrailTables.SHEETS, account, List.of(region), place, SHEETS);
    }
    return view.byIndex(
        TrailTables.SHEETS, account, TrailTables.BY_ATTRIBUTE, looked(indexed), at(place), SHEETS);
  }

  private void lookInto(Sheet sheet, Found found) {
    sheet.events().forEach(event -> look(new Row(region, event), found));
  }

  private @Nullable Attribute indexed() {
    return attribute != null && INDEXED.contains(attribute.key()) ? attribute : null;
  }

  private List<String> looked(Attribute indexed) {
    return List.of(region, indexed.key(), indexed.value());
  }

  private @Nullable IndexEntry<EventKey> at(@Nullable EventKey place) {
    Attribute indexed = indexed();
    return place == null || indexed == null
        ? null
        : new IndexEntry<>(
            TrailTables.entry(place, List.of(indexed.key(), indexed.value())), place);
  }
}
