// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.plan.Placement.Candidate;
import dev.holdfast.ecs.plan.Placement.Outcome;
import dev.holdfast.ecs.plan.Placement.Wish;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The roster decides as the plain look at all instances does, whatever happened to them before. */
final class RosterTest {
  private static final List<PlacementRule.Strategy> STRATEGIES =
      List.of(
          PlacementRule.strategy("spread", "instanceId"),
          PlacementRule.strategy("spread", "attribute:zone"),
          PlacementRule.strategy("binpack", "memory"),
          PlacementRule.strategy("binpack", "cpu"));

  static IntStream seeds() {
    return IntStream.range(0, 100);
  }

  private static Candidate candidate(SplittableRandom random, int number) {
    var bookings = new ArrayList<Host.Booking>();
    for (int i = random.nextInt(4); i > 0; i--) {
      bookings.add(new Host.Booking("b" + i, needs(random)));
    }
    var host = new Host("h" + number, "", 1024, 1024, List.of(), List.of(), bookings);
    var facts =
        new InstanceFacts(
            "h" + number,
            Map.of("zone", "z" + random.nextInt(3)),
            null,
            null,
            0,
            random.nextBoolean() ? Map.of("g", random.nextInt(1, 3)) : Map.of(),
            Set.of());
    return new Candidate("i" + number, host, random.nextInt(8) > 0, facts);
  }

  private static Host.Needs needs(SplittableRandom random) {
    return new Host.Needs(
        64 * random.nextInt(6),
        64 * random.nextInt(6),
        random.nextInt(4) == 0 ? List.of(8080) : List.of(),
        List.of());
  }

  private static Wish wish(SplittableRandom random, String task) {
    var strategies = new ArrayList<PlacementRule.Strategy>();
    for (int i = random.nextInt(3); i > 0; i--) {
      strategies.add(STRATEGIES.get(random.nextInt(STRATEGIES.size())));
    }
    List<PlacementRule.Constraint> constraints =
        random.nextInt(4) == 0
            ? List.of(PlacementRule.constraint("distinctInstance", null))
            : List.of();
    return new Wish(
        new Host.Booking(task, needs(random)), null, Set.of(), constraints, strategies, "g");
  }

  private static @Nullable String instance(Outcome outcome) {
    return outcome instanceof Outcome.Placed(var instance, _) ? instance : null;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void choosesAsTheLookAtAllDoes(int seed) {
    var random = new SplittableRandom(seed);
    var roster = new Roster(UnaryOperator.identity());
    Map<String, Candidate> all = new LinkedHashMap<>();
    int instances = random.nextInt(1, 30);
    for (int step = 0; step < 200; step++) {
      int number = random.nextInt(instances);
      switch (random.nextInt(4)) {
        case 0 -> {
          Candidate candidate = candidate(random, number);
          all.put(candidate.instance(), candidate);
          roster.put(candidate);
        }
        case 1 -> {
          if (random.nextInt(5) == 0) {
            all.remove("i" + number);
            roster.remove("i" + number);
          }
        }
        default -> {
          Wish wish = wish(random, "t" + step);
          Outcome expected = Placement.place(List.copyOf(all.values()), wish, random);
          Outcome found = roster.place(wish, random);
          assertThat(instance(found)).as(wish.toString()).isEqualTo(instance(expected));
          if (found instanceof Outcome.Placed(var name, var host)) {
            Candidate known = all.get(name);
            assertThat(host.usedMemory()).isLessThanOrEqualTo(host.memory());
            assertThat(host.usedCpu()).isLessThanOrEqualTo(host.cpu());
            var booked =
                new Candidate(
                    name,
                    host,
                    known == null || known.connected(),
                    known == null ? InstanceFacts.NONE : known.facts().with("g"));
            all.put(name, booked);
            roster.put(booked);
          }
        }
      }
      assertThat(roster.size()).isEqualTo(all.size());
    }
  }

  @Test
  void drawsByChanceAmongThoseThatFitAlone() {
    var random = new SplittableRandom(1);
    var roster = new Roster(UnaryOperator.identity());
    for (int i = 0; i < 40; i++) {
      int memory = i < 36 ? 10 : 1000;
      roster.put(
          new Candidate(
              "i" + i, new Host("h" + i, "", 10, memory, List.of(), List.of(), List.of()), true));
    }
    var needs = new Host.Needs(1, 100, List.of(), List.of());
    var wish =
        new Wish(
            new Host.Booking("t", needs),
            null,
            Set.of(),
            List.of(),
            List.of(PlacementRule.strategy("random", null)),
            "g");
    Map<String, Integer> found = new HashMap<>();
    for (int i = 0; i < 200; i++) {
      found.merge(String.valueOf(instance(roster.place(wish, random))), 1, Integer::sum);
    }
    assertThat(found).containsOnlyKeys("i36", "i37", "i38", "i39");
  }

  @Test
  void takesBackWhatWasChangedSinceAMark() {
    var roster = new Roster(UnaryOperator.identity());
    var random = new SplittableRandom(7);
    Candidate one = candidate(random, 1);
    Candidate two = candidate(random, 2);
    roster.put(one);
    roster.put(two);
    roster.mark();
    roster.put(new Candidate("i1", one.host().book(new Host.Booking("x", needs(random))), true));
    roster.remove("i2");
    roster.put(candidate(random, 3));
    roster.restore();
    assertThat(roster.all()).containsExactlyInAnyOrder(one, two);
  }
}
