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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The numbers of the events that the journal keeps of each account, oldest first, so that one
 * account's flood pushes out its own events and nobody else's. Numbers of events that went for
 * their age may stay among them: they are the oldest, and go first.
 */
final class KeptNumbers {
  private final Map<AccountId, Deque<Long>> numbers = new HashMap<>();

  /** Those of the events that there are. */
  static KeptNumbers of(View view) {
    var kept = new KeptNumbers();
    view.each(EcsTables.JOURNAL, kept::add);
    return kept;
  }

  private void add(JournalEvent event) {
    numbers.computeIfAbsent(event.place().account(), _ -> new ArrayDeque<>()).add(event.number());
  }

  /** The numbers that are too many of their account once some events are added. */
  List<Long> excess(List<JournalEvent> added, int most) {
    var excess = new ArrayList<Long>();
    added.stream()
        .collect(Collectors.groupingBy(event -> event.place().account()))
        .forEach(
            (account, events) -> {
              Deque<Long> mine = numbers.getOrDefault(account, new ArrayDeque<>());
              Stream.concat(mine.stream(), events.stream().map(JournalEvent::number))
                  .limit(Math.max(0, mine.size() + events.size() - most))
                  .forEach(excess::add);
            });
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
