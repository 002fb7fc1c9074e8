// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.JournalEvent;
import dev.holdfast.ecs.model.PendingEvent;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Region;
import dev.holdfast.service.State;
import dev.holdfast.store.Database;
import dev.holdfast.store.Table;
import dev.holdfast.store.memory.MemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JournalTest {
  private static final AccountId ACCOUNT = new AccountId("123456789012");
  private static final AccountId OTHER = new AccountId("210987654321");
  private static final Instant START = Instant.parse("2026-11-26T12:00:00Z");

  private final State state = new State(new Database(new MemoryStore()));
  private Journal journal = journal(20);

  private Journal journal(int most) {
    return new Journal(
        state, (_, event) -> JsonObject.EMPTY.with("order", event.key().order()), most);
  }

  private void happens(String subject, long order, Instant at) {
    happens(ACCOUNT, subject, order, at);
  }

  private void happens(AccountId account, String subject, long order, Instant at) {
    var event =
        new PendingEvent(
            new PendingEvent.Key(subject, order, "x"),
            at,
            PendingEvent.TASK,
            new PendingEvent.Place(account, new Region("eu-test-1"), "shop"),
            subject,
            "web",
            null,
            null,
            null,
            JsonObject.EMPTY);
    state.own(
        tx -> {
          tx.put(EcsTables.PENDING_EVENTS, Table.PLATFORM, event.key(), event);
          return event;
        });
  }

  private List<Long> numbers(long after) {
    return journal.read(after, _ -> true, 1000).events().stream()
        .map(JournalEvent::number)
        .toList();
  }

  @Test
  void numbersWhatHappenedInTheOrderOfTime() {
    happens("b", 1, START.plusSeconds(2));
    happens("a", 7, START.plusSeconds(3));
    happens("a", 3, START.plusSeconds(1));
    journal.drain();
    assertThat(journal.read(0, _ -> true, 10).events())
        .extracting(e -> e.number() + ":" + e.event().integer("order"))
        .containsExactly("1:3", "2:1", "3:7");
    List<PendingEvent> left = state.read(view -> view.all(EcsTables.PENDING_EVENTS));
    assertThat(left).isEmpty();
  }

  @Test
  void goesOnCountingAfterARestart() {
    happens("a", 1, START);
    journal.drain();
    happens("a", 2, START);
    journal = journal(20);
    journal.drain();
    assertThat(numbers(0)).containsExactly(1L, 2L);
  }

  @Test
  void keepsOnlySoManyAndSaysThatSomeAreMissing() {
    for (int i = 1; i <= 300; i++) {
      happens("a", i, START.plusSeconds(i));
    }
    journal.drain();
    assertThat(numbers(0)).hasSize(20).startsWith(281L).endsWith(300L);
    assertThat(journal.read(100, _ -> true, 5).gap()).isTrue();
    assertThat(journal.read(280, _ -> true, 5).gap()).isFalse();
    assertThat(journal.read(999, _ -> true, 5).gap()).isTrue();
  }

  @Test
  void oneAccountsFloodPushesOutItsOwnEventsAlone() {
    happens(OTHER, "quiet", 1, START);
    journal.drain();
    for (int i = 1; i <= 300; i++) {
      happens("flood", i, START.plusSeconds(i));
      if (i == 150) {
        journal.drain();
        journal = journal(20); // counts what it finds
      }
    }
    happens(OTHER, "quiet", 2, START.plusSeconds(400));
    journal.drain();
    var first = journal.read(0, _ -> true, 1000);
    assertThat(first.events()).extracting(JournalEvent::number).hasSize(22).startsWith(1L, 282L);
    assertThat(first.gap()).isTrue();
    assertThat(journal.read(0, _ -> true, 1).gap()).as("nothing before the first").isFalse();
    assertThat(journal.read(1, _ -> true, 1).gap()).isTrue();
    assertThat(journal.read(281, _ -> true, 1000).gap()).isFalse();
    journal.prune(START.plusSeconds(300).plus(Journal.KEPT));
    assertThat(numbers(0)).containsExactly(301L, 302L);
  }

  @Test
  void forgetsWhatIsOldAndNeverGivesANumberTwice() {
    happens("a", 1, START);
    happens("a", 2, START.plusSeconds(1));
    journal.drain();
    journal.prune(START.plus(Journal.KEPT).plusSeconds(10));
    assertThat(numbers(0)).isEmpty();
    assertThat(journal.read(0, _ -> true, 5).gap()).isTrue();
    assertThat(journal.read(2, _ -> true, 5).gap()).isFalse();
    happens("a", 3, START.plusSeconds(2));
    journal.drain();
    assertThat(numbers(2)).containsExactly(3L);
  }

  @Test
  void anEventThatAWrongClockDatedKeepsNoneThatIsOld() {
    happens("a", 1, START.plus(Duration.ofDays(3650)));
    journal.drain();
    happens("a", 2, START);
    journal.drain();
    journal.prune(START.plus(Journal.KEPT).plusSeconds(10));
    assertThat(numbers(0)).isEmpty();
  }

  @Test
  void forgetsAnAccountThatWasRemoved() {
    for (int i = 1; i <= 9; i++) {
      happens(i % 2 == 0 ? OTHER : ACCOUNT, "s" + i, i, START.plusSeconds(i));
    }
    journal.drain();
    journal.forget(OTHER);
    assertThat(numbers(0)).containsExactly(1L, 3L, 5L, 7L, 9L);
  }

  @Test
  void tellsAFollowerThatAnEarlierStateWasRestored() {
    happens("a", 1, START);
    journal.drain();
    state.own(
        tx -> {
          Journal.leap(tx);
          return START;
        });
    happens("a", 2, START);
    journal.drain();
    var page = journal.read(400, _ -> true, 5);
    assertThat(page.gap()).isTrue();
    assertThat(page.events()).hasSize(1);
    assertThat(page.events().getFirst().number()).isGreaterThan(1_000_000_000L);
  }

  @Test
  void findsTheFirstEventOfATime() {
    happens("a", 1, START);
    happens("a", 2, START.plusSeconds(60));
    journal.drain();
    assertThat(journal.before(START)).isZero();
    assertThat(journal.before(START.plusSeconds(1))).isEqualTo(1);
    assertThat(journal.before(START.plusSeconds(61))).isEqualTo(2);
  }

  @Test
  void wakesWhoWaits() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting = threads.submit(() -> journal.await(0, Duration.ofSeconds(60)));
      happens("a", 1, START);
      journal.drain();
      assertThat(waiting.get(60, TimeUnit.SECONDS)).isTrue();
      var ended = threads.submit(() -> journal.await(1, Duration.ofSeconds(60)));
      journal.close();
      assertThat(ended.get(60, TimeUnit.SECONDS)).isFalse();
    }
  }

  /** Whenever it looks, a follower sees each event once, in order, or is told of a gap. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aFollowerMissesNothingWithinTheRetention(long seed) {
    RandomGenerator random = new java.util.Random(seed);
    var seen = new ArrayList<Long>();
    long at = 0;
    long made = 0;
    boolean gap = false;
    for (int round = 0; round < 60; round++) {
      for (int i = random.nextInt(8); i > 0; i--) {
        happens("s" + random.nextInt(3), ++made, START.plusSeconds(made));
      }
      if (random.nextInt(4) == 0) {
        journal = journal(20);
      }
      journal.drain();
      if (random.nextInt(3) > 0) {
        var page = journal.read(at, _ -> true, 1 + random.nextInt(30));
        gap |= page.gap();
        if (page.gap()) {
          seen.clear();
        }
        page.events().forEach(e -> seen.add(e.number()));
        at = page.next();
      }
    }
    seen.addAll(numbers(at));
    long first = seen.isEmpty() ? 0 : seen.getFirst();
    assertThat(seen)
        .containsExactlyElementsOf(
            java.util.stream.LongStream.rangeClosed(first, made).boxed().toList());
    assertThat(gap || first == 1).isTrue();
  }
}
