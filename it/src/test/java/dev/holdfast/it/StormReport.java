// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.it.Wreckable.Inside;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** What a storm counted. */
final class StormReport {
  /** Requests that kills cut off: those whose change is there after all, and those without. */
  private record Cut(AtomicInteger kept, AtomicInteger lost) {}

  private final Map<Inside, Cut> cuts = new EnumMap<>(Inside.class);
  private final AtomicInteger halfUploads = new AtomicInteger();
  private final List<Long> ready = new ArrayList<>();
  private final List<Long> cpu = new ArrayList<>();
  private int rounds;
  private int acknowledged;
  private int least = Integer.MAX_VALUE;

  StormReport() {
    for (Inside inside : Inside.values()) {
      cuts.put(inside, new Cut(new AtomicInteger(), new AtomicInteger()));
    }
  }

  /** A platform serves again. */
  void ready(Killable platform) {
    ready.add(platform.ready().toMillis());
    cpu.add(platform.cpu().toMillis());
  }

  /** A round was killed. */
  void round(List<Life> lives) {
    int written = lives.stream().mapToInt(Life::acknowledged).sum();
    rounds++;
    acknowledged += written;
    least = Math.min(least, written);
  }

  /** A restart showed what became of a life. */
  void decided(Life life, boolean kept) {
    if (life.cut()) {
      Cut cut = cuts.get(life.next().inside());
      if (cut != null) {
        (kept ? cut.kept() : cut.lost()).incrementAndGet();
      }
    }
    if (life.kind().name().equals("blob in pieces")
        && life.acknowledged() > 0
        && life.acknowledged() < 4) {
      halfUploads.incrementAndGet();
    }
  }

  int rounds() {
    return rounds;
  }

  int acknowledged() {
    return acknowledged;
  }

  /** The acknowledged writes of the round that had fewest. */
  int least() {
    return least;
  }

  /** How many requests of a kind kills cut off. */
  int cutOff(Inside inside) {
    return kept(inside) + lost(inside);
  }

  /** How many of them had made their change all the same. */
  int kept(Inside inside) {
    Cut cut = cuts.get(inside);
    return cut == null ? 0 : cut.kept().get();
  }

  int lost(Inside inside) {
    Cut cut = cuts.get(inside);
    return cut == null ? 0 : cut.lost().get();
  }

  /** How many uploads had some of their pieces when they were cut off. */
  int halfUploads() {
    return halfUploads.get();
  }

  /** The slowest start to readiness, in milliseconds. */
  long slowest() {
    return ready.stream().mapToLong(Long::longValue).max().orElse(0);
  }

  /** The start to readiness that half of all were as fast as, in milliseconds. */
  long median() {
    return ready.stream().sorted().skip(ready.size() / 2).findFirst().orElse(0L);
  }

  /** The most processor time that a start took, in milliseconds: a busy machine adds none. */
  long mostCpu() {
    return cpu.stream().mapToLong(Long::longValue).max().orElse(0);
  }

  void log(String when) {
    String inside =
        cuts.keySet().stream()
            .map(i -> "%s %d kept and %d without a trace".formatted(i, kept(i), lost(i)))
            .collect(Collectors.joining(", "));
    System.getLogger("crash-test")
        .log(
            System.Logger.Level.INFO,
            "figures: %s%d kills, %d writes acknowledged (at least %d a round); cut off: %s, %d uploads half way; ready again in %d ms (median), %d ms (slowest), with %d ms of processor time at most"
                .formatted(
                    when,
                    rounds,
                    acknowledged,
                    least,
                    inside,
                    halfUploads(),
                    median(),
                    slowest(),
                    mostCpu()));
  }
}
