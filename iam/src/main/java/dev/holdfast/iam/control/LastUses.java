// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.LastUse;
import dev.holdfast.service.State;
import dev.holdfast.store.Table;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When access keys and roles were used last. Uses are collected in memory, at no cost to the call,
 * and kept now and then; a crash forgets those in between, as AWS's own record lags by some
 * minutes.
 */
public final class LastUses {
  private static final int MOST = 100_000;

  private final State state;
  private final Map<String, LastUse> fresh = new ConcurrentHashMap<>();

  public LastUses(State state) {
    this.state = state;
  }

  /**
   * Notes a use.
   *
   * @param id an access key id, or the unique id of a role
   */
  void note(String id, Instant at, String region, String service) {
    Instant second = at.truncatedTo(ChronoUnit.SECONDS);
    LastUse before = fresh.get(id);
    if (before != null
        && before.at().equals(second)
        && before.service().equals(service)
        && before.region().equals(region)) {
      return;
    }
    if (before != null || fresh.size() < MOST) {
      fresh.put(id, new LastUse(second, region, service));
    }
  }

  /**
   * Keeps what was collected.
   *
   * @return how many
   */
  public int keep() {
    Map<String, LastUse> uses = new TreeMap<>(fresh);
    if (!uses.isEmpty()) {
      state.own(
          tx -> {
            uses.forEach((id, use) -> tx.put(IamTables.LAST_USES, Table.PLATFORM, id, use));
            return uses.size();
          });
      uses.forEach(fresh::remove);
    }
    return uses.size();
  }

  /**
   * Forgets uses from before an instant.
   *
   * @return how many
   */
  public int forget(Instant before) {
    var old = new ArrayList<String>();
    state.read(
        view -> {
          view.eachRow(
              IamTables.LAST_USES,
              (_, segments, use) -> {
                if (use.at().isBefore(before)) {
                  old.add(segments.getFirst());
                }
              });
          return old;
        });
    if (!old.isEmpty()) {
      state.own(
          tx -> {
            old.forEach(id -> tx.delete(IamTables.LAST_USES, Table.PLATFORM, id));
            return old.size();
          });
    }
    return old.size();
  }
}
