// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.JournalEvent;
import dev.holdfast.kit.AccountId;
import dev.holdfast.store.View;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The numbers of the events that the journal keeps of each account, oldest first, so that one
 * account's flood pushes out its own events and nobody else's. Numbers of events that went for
 * their age may stay among them: they are the oldest, and go first.
 */
final class Shares {
  private final Map<AccountId, Deque<Long>> numbers = new HashMap<>();

  /** Those of the events that there are. */
  static Shares of(View view) {
    var shares = new Shares();
    view.each(EcsTables.JOURNAL, shares::add);
    return shares;
  }

  private void add(JournalEvent event) {
    numbers.computeIfAbsent(event.place().account(), _ -> new ArrayDeque<>()).add(event.number());
  }

  /** The numbers that are too many of their account once some events are added. */
  List<Long> excess(List<JournalEvent> added, int most) {
    var after = new HashMap<AccountId, List<Long>>();
    for (JournalEvent event : added) {
      AccountId account = event.place().account();
      after
          .computeIfAbsent(
              account, _ -> new ArrayList<>(numbers.getOrDefault(account, new ArrayDeque<>())))
          .add(event.number());
    }
    var excess = new ArrayList<Long>();
    after.values().forEach(all -> excess.addAll(all.subList(0, Math.max(0, all.size() - most))));
    return excess;
  }

  /** Notes what was added, and what went for it. */
  void settle(List<JournalEvent> added, int most) {
    for (JournalEvent event : added) {
      add(event);
      Deque<Long> mine = numbers.getOrDefault(event.place().account(), new ArrayDeque<>());
      while (mine.size() > most) {
        mine.removeFirst();
      }
    }
  }

  /** Forgets an account that is no more. */
  void forget(AccountId account) {
    numbers.remove(account);
  }
}
