// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.trail;

import dev.holdfast.kit.AccountId;
import dev.holdfast.service.AuditEvent;
import dev.holdfast.service.State;
import dev.holdfast.store.Table;
import dev.holdfast.trail.model.EventKey;
import dev.holdfast.trail.model.Sheet;
import dev.holdfast.trail.model.TrailTables;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Goes through the events of an account. Each page is read by itself: others write meanwhile. */
public final class Walk {
  private static final int PAGE = 128;
  private static final int SHEETS = 16;

  /** Sorts after every place of a region. */
  private static final String END = "~";

  /**
   * How far it went.
   *
   * @param events looked at
   * @param all whether there were no more
   */
  public record Seen(long events, boolean all) {}

  private final State state;
  private final AccountId account;
  private final Instant from;
  private final long most;
  private final Consumer<AuditEvent> visitor;
  private long events;

  Walk(State state, AccountId account, Instant from, long most, Consumer<AuditEvent> visitor) {
    this.state = state;
    this.account = account;
    this.from = from;
    this.most = most;
    this.visitor = visitor;
  }

  Seen run() {
    boolean all =
        go(TrailTables.EVENTS, PAGE, TrailTables.Row::key, row -> List.of(row.event()), 0)
            && go(TrailTables.SHEETS, SHEETS, Sheet::key, Sheet::events, 1);
    return new Seen(events, all);
  }

  /**
   * Goes through a table; false where it came to the limit.
   *
   * @param slack seconds that an event may be newer than its row's place
   */
  private <R> boolean go(
      Table<EventKey, R> table,
      int page,
      Function<R, EventKey> key,
      Function<R, List<AuditEvent>> content,
      long slack) {
    EventKey after = null;
    while (true) {
      List<R> rows = page(table, page, after);
      if (rows.isEmpty()) {
        return true;
      }
      for (R row : rows) {
        after = key.apply(row);
        if (after.time().plusSeconds(slack).isBefore(from)) {
          after = new EventKey(after.region(), END, END);
          break;
        }
        for (AuditEvent event : content.apply(row)) {
          if (events >= most) {
            return false;
          }
          events++;
          if (!event.time().isBefore(from)) {
            visitor.accept(event);
          }
        }
      }
    }
  }

  private <R> List<R> page(Table<EventKey, R> table, int page, @Nullable EventKey after) {
    return state.read(view -> view.list(table, account, List.of(), after, page));
  }
}
