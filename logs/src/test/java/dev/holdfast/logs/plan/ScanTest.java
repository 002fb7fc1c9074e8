// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.AccountId;
import dev.holdfast.logs.model.LogEvent;
import dev.holdfast.logs.model.Piece;
import dev.holdfast.logs.plan.Scan.Found;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Pages put together are what one sorted list of all events is, however the pieces overlap. */
class ScanTest {
  private static final AccountId ACCOUNT = new AccountId("111122223333");

  private final Map<Piece, List<LogEvent>> pieces = new HashMap<>();
  private final List<Found> all = new ArrayList<>();
  private int loaded;

  private void fill(Random random) {
    pieces.clear();
    all.clear();
    for (int s = 0; s < random.nextInt(1, 4); s++) {
      String stream = "000000000000000" + s;
      long number = 0;
      for (int p = 0; p < random.nextInt(1, 12); p++) {
        var events = new ArrayList<LogEvent>();
        long time = random.nextLong(0, 400);
        for (int e = 0; e < random.nextInt(1, 30); e++) {
          time += random.nextInt(0, 6);
          events.add(new LogEvent(time, 0, number++, (time % 3 == 0 ? "hit " : "miss ") + time));
        }
        long last = events.getLast().timestamp();
        long raw = events.stream().mapToLong(e -> e.message().length() + 26).sum();
        var piece =
            new Piece(
                ACCOUNT,
                stream,
                events.getFirst().number(),
                events.size(),
                events.getFirst().timestamp(),
                last,
                raw,
                1);
        pieces.put(piece, events);
        events.forEach(e -> all.add(new Found(new Position(e.timestamp(), stream, e.number()), e)));
      }
    }
    all.sort(Comparator.comparing(Found::position));
  }

  private List<LogEvent> load(Piece piece) {
    loaded++;
    return Objects.requireNonNull(pieces.get(piece));
  }

  @Test
  void pagesForwardAreTheWholeInOrder() {
    var random = new Random(11);
    for (int round = 0; round < 400; round++) {
      fill(random);
      long from = random.nextLong(0, 200);
      long to = random.nextLong(from, 600);
      int limit = random.nextInt(1, 40);
      long budget = random.nextLong(1, 3000);
      Predicate<String> filter = random.nextBoolean() ? m -> true : m -> m.startsWith("hit");
      var seen = new ArrayList<Found>();
      Position after = null;
      int pages = 0;
      do {
        var window = new Scan.Window(from, to, after, limit, budget);
        Scan.Page page = Scan.forward(List.copyOf(pieces.keySet()), window, filter, this::load);
        assertThat(page.events().size()).isLessThanOrEqualTo(limit);
        assertThat(page.next() == null || after == null || page.next().compareTo(after) > 0)
            .isTrue();
        seen.addAll(page.events());
        after = page.next();
        assertThat(++pages).isLessThan(2000);
      } while (after != null);
      assertThat(seen).isEqualTo(within(from, to, filter));
    }
  }

  private List<Found> within(long from, long to, Predicate<String> filter) {
    return all.stream()
        .filter(f -> f.event().timestamp() >= from && f.event().timestamp() <= to)
        .filter(f -> filter.test(f.event().message()))
        .toList();
  }

  @Test
  void pagesBackwardAreTheWholeInOrder() {
    var random = new Random(12);
    for (int round = 0; round < 400; round++) {
      fill(random);
      int limit = random.nextInt(1, 40);
      var seen = new ArrayList<Found>();
      @Nullable Position before = null;
      while (true) {
        var window = new Scan.Window(0, 500, before, limit, Long.MAX_VALUE);
        Scan.Page page = Scan.backward(List.copyOf(pieces.keySet()), window, _ -> true, this::load);
        if (page.events().isEmpty()) {
          break;
        }
        seen.addAll(0, page.events());
        before = page.events().getFirst().position();
      }
      assertThat(seen).isEqualTo(within(0, 500, _ -> true));
    }
  }

  @Test
  void aPageReadsNoMoreThanItNeeds() {
    for (int p = 0; p < 100; p++) {
      var events = new ArrayList<LogEvent>();
      for (int e = 0; e < 10; e++) {
        long n = p * 10L + e;
        events.add(new LogEvent(n, 0, n, "m"));
      }
      pieces.put(
          new Piece(ACCOUNT, "0000000000000001", p * 10L, 10, p * 10L, p * 10L + 9, 270, 1),
          events);
    }
    var window = new Scan.Window(505, 900, null, 10, Long.MAX_VALUE);
    assertThat(Scan.forward(List.copyOf(pieces.keySet()), window, _ -> true, this::load).events())
        .hasSize(10);
    assertThat(loaded).isLessThanOrEqualTo(3);
  }

  @Test
  void aPositionReadsAsItIsWritten() {
    var random = new Random(3);
    for (int i = 0; i < 1000; i++) {
      String stream = String.format("%016x", random.nextLong());
      var position = new Position(random.nextLong(1L << 45), stream, random.nextLong(1L << 40));
      assertThat(position.digits()).hasSize(58);
      assertThat(Position.parse(position.digits())).hasValue(position);
    }
    assertThat(Position.parse("9".repeat(58))).isEmpty();
    assertThat(Position.parse("")).isEmpty();
  }
}
