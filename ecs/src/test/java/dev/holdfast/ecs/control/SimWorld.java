// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Time, chance, and what is true of the simulated world whatever the platform believes. */
final class SimWorld {
  /** What becomes of the tasks of a revision. */
  enum Sort {
    GOOD,
    CRASHING,
    NO_IMAGE,
    UNHEALTHY
  }

  /**
   * What a revision's tasks are.
   *
   * @param checked whether they have a health check
   * @param port of the host that they take, or 0
   */
  record Kind(Sort sort, boolean checked, int cpu, int memory, int port) {
    boolean good() {
      return sort == Sort.GOOD;
    }
  }

  private record Event(Instant at, long number, Runnable what) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int order = at.compareTo(other.at);
      return order != 0 ? order : Long.compare(number, other.number);
    }
  }

  private final SimPlatform platform;
  private final SplittableRandom random;
  private final SimLedger ledger;
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final Map<String, Kind> kinds = new HashMap<>();
  final Map<String, SimHost> hosts = new TreeMap<>();
  private long number;

  /** Until when no image can be pulled. */
  Instant registryBack = Instant.MIN;

  SimWorld(SimPlatform platform, SplittableRandom random) {
    this.platform = platform;
    this.random = random;
    this.ledger = new SimLedger(this);
  }

  SimPlatform platform() {
    return platform;
  }

  SplittableRandom random() {
    return random;
  }

  SimLedger ledger() {
    return ledger;
  }

  Instant now() {
    return platform.now;
  }

  /** True so many times in a thousand. */
  boolean chance(int perMille) {
    return random.nextInt(1000) < perMille;
  }

  Duration seconds(int least, int most) {
    return Duration.ofMillis(random.nextLong(least * 1000L, most * 1000L + 1));
  }

  /** A time to wait for what happens once in so long. */
  Duration once(Duration mean) {
    double wait = -Math.log(1 - random.nextDouble()) * mean.toMillis();
    return Duration.ofMillis(1 + (long) wait);
  }

  void in(Duration time, Runnable what) {
    events.add(new Event(now().plus(time), number++, what));
  }

  boolean registryDown() {
    return now().isBefore(registryBack);
  }

  Kind kind(String definition) {
    Kind kind = kinds.get(definition);
    if (kind == null) {
      throw new AssertionError("nobody registered " + definition);
    }
    return kind;
  }

  void register(String definition, Kind kind) {
    kinds.put(definition, kind);
  }

  /** Lets happen what happens until then, in its order. */
  void happen(Instant until) {
    while (!events.isEmpty() && !events.peek().at().isAfter(until)) {
      Event event = events.remove();
      platform.now = event.at().isAfter(platform.now) ? event.at() : platform.now;
      event.what().run();
    }
    platform.now = until;
  }
}
