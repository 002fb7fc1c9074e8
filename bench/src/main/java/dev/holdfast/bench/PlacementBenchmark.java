// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench;

import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.plan.InstanceFacts;
import dev.holdfast.ecs.plan.Placement;
import dev.holdfast.ecs.plan.Placement.Candidate;
import dev.holdfast.ecs.plan.Placement.Outcome;
import dev.holdfast.ecs.plan.PlacementRule;
import dev.holdfast.ecs.plan.Roster;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One placement among hosts that have ten tasks each: the choice, its booking, and the end of the
 * oldest task, so that the fleet stays as full as it is. Beside it the same choice by a look at all
 * hosts, and what no order can go below: a change in a map of as many entries, once out and once
 * in.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class PlacementBenchmark {
  private static final int TASKS = 10;

  @Param({"100", "1000", "10000"})
  public int hosts;

  /** How a host is chosen. */
  @Param({"none", "spread", "binpack"})
  public String strategy = "none";

  /** A task that runs, and where. */
  private record Placed(String instance, String task) {}

  private final SplittableRandom random = new SplittableRandom(1);
  private final Roster roster = new Roster(UnaryOperator.identity());
  private final ArrayDeque<Placed> running = new ArrayDeque<>();
  private final TreeMap<Long, String> bare = new TreeMap<>();
  private List<Candidate> all = List.of();
  private List<PlacementRule.Strategy> strategies = List.of();
  private long number;

  /** Fills the hosts. */
  @Setup
  public void fill() {
    strategies =
        switch (strategy) {
          case "spread" -> List.of(PlacementRule.strategy("spread", "instanceId"));
          case "binpack" -> List.of(PlacementRule.strategy("binpack", "memory"));
          default -> List.of();
        };
    for (int i = 0; i < hosts; i++) {
      var host = new Host("h" + i, "X86_64", 65_536, 131_072, List.of(22), List.of(), List.of());
      String arn = "arn:aws:ecs:us-east-1:123456789012:container-instance/fleet/" + i;
      var facts = new InstanceFacts("h" + i, Map.of(), "1.0", null, 0, Map.of(), Set.of());
      roster.put(new Candidate(arn, host, true, facts));
    }
    var plain = strategies;
    strategies = List.of();
    for (int i = 0; i < TASKS * hosts; i++) {
      begin();
    }
    strategies = plain;
    all = roster.all();
    for (Candidate candidate : all) {
      bare.put(candidate.freeMemory() * 100_000L + bare.size(), candidate.instance());
    }
  }

  private Placement.Wish wish() {
    var needs =
        new Host.Needs(random.nextInt(64, 512), random.nextInt(64, 1024), List.of(), List.of());
    return new Placement.Wish(
        new Host.Booking("task-" + number++, needs),
        "X86_64",
        Set.of(),
        List.of(),
        strategies,
        "service:" + number % 200);
  }

  private void begin() {
    Placement.Wish wish = wish();
    if (!(roster.place(wish, random) instanceof Outcome.Placed(var instance, var host))) {
      throw new IllegalStateException("the fleet is full");
    }
    Candidate known = roster.get(instance);
    InstanceFacts facts = known == null ? InstanceFacts.NONE : known.facts();
    roster.put(new Candidate(instance, host, true, facts));
    running.add(new Placed(instance, wish.booking().task()));
  }

  @Benchmark
  public int placed() {
    Placed oldest = running.remove();
    Candidate known = roster.get(oldest.instance());
    if (known != null) {
      Host host = known.host().release(oldest.task());
      roster.put(new Candidate(oldest.instance(), host, true, known.facts()));
    }
    begin();
    return running.size();
  }

  @Benchmark
  public Outcome lookAtAll() {
    return Placement.place(all, wish(), random);
  }

  @Benchmark
  public long bareMap() {
    long first = bare.lastKey();
    String value = bare.remove(first);
    long next = random.nextLong(1L << 40);
    bare.put(next, String.valueOf(value));
    return next;
  }
}
