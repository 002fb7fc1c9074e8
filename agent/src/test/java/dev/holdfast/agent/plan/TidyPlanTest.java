// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.plan.TidyPlan.Facts;
import dev.holdfast.agent.plan.TidyPlan.Image;
import dev.holdfast.agent.plan.TidyPlan.Pulled;
import dev.holdfast.agent.plan.TidyPlan.Removal;
import dev.holdfast.agent.plan.TidyPlan.Stopped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TidyPlanTest {
  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
  private static final Duration AGE = Duration.ofHours(1);
  private static final Pulled OLD = new Pulled(NOW.minusSeconds(90_000), NOW.minusSeconds(80_000));

  private static Image image(String id, String... digests) {
    return new Image(id, List.of(digests), List.of(), 10);
  }

  private static List<String> removed(Facts facts, int most) {
    return TidyPlan.images(facts, AGE, most).stream().map(Removal::id).toList();
  }

  @Test
  void removesWhatWasWantedLongestAgoFirst() {
    var facts =
        new Facts(
            List.of(image("i1", "a@1"), image("i2", "a@2"), image("i3", "a@3")),
            Map.of(
                "a@1", new Pulled(NOW.minusSeconds(99_999), NOW.minusSeconds(5_000)),
                "a@2", new Pulled(NOW.minusSeconds(99_999), NOW.minusSeconds(9_000)),
                "a@3", new Pulled(NOW.minusSeconds(99_999), NOW.minusSeconds(7_000))),
            Set.of(),
            Set.of(),
            NOW);
    assertThat(removed(facts, 2)).containsExactly("i2", "i3");
  }

  @Test
  void leavesWhatSomebodyElseGaveAName() {
    var tagged = new Image("i1", List.of("a@1"), List.of("mine:1"), 10);
    var shared = image("i2", "a@2", "theirs@2");
    var nameless = new Image("i3", List.of(), List.of(), 10);
    var facts =
        new Facts(
            List.of(tagged, shared, nameless),
            Map.of("a@1", OLD, "a@2", OLD),
            Set.of(),
            Set.of(),
            NOW);
    assertThat(removed(facts, 9)).isEmpty();
  }

  @Test
  void waitsWhereTheClockWentBack() {
    var facts =
        new Facts(
            List.of(image("i1", "a@1")),
            Map.of("a@1", new Pulled(NOW.plusSeconds(9_000), NOW.plusSeconds(9_000))),
            Set.of(),
            Set.of(),
            NOW);
    assertThat(removed(facts, 9)).isEmpty();
  }

  /**
   * Whatever a host holds: nothing in use, needed, others' or young goes, and no more than so many.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void neverRemovesWhatIsNotItsOwnOrNotIdle(int seed) {
    var random = new Random(seed);
    for (int round = 0; round < 400; round++) {
      Facts facts = facts(random);
      int most = random.nextInt(6);
      List<Removal> removals = TidyPlan.images(facts, AGE, most);
      assertThat(removals).hasSizeLessThanOrEqualTo(most);
      assertThat(removals).doesNotHaveDuplicates();
      for (Removal removal : removals) {
        Image image =
            facts.images().stream()
                .filter(i -> i.id().equals(removal.id()))
                .findFirst()
                .orElseThrow();
        assertThat(image.tags()).isEmpty();
        assertThat(facts.inUse()).doesNotContain(image.id());
        assertThat(removal.names()).isNotEmpty().isEqualTo(image.digests());
        for (String name : removal.names()) {
          assertThat(facts.needed()).doesNotContain(name);
          assertThat(facts.pulled()).containsKey(name);
          Pulled pulled = Objects.requireNonNull(facts.pulled().get(name));
          assertThat(pulled.pulledAt().plus(AGE)).isBeforeOrEqualTo(NOW);
          assertThat(pulled.usedAt().plus(AGE)).isBeforeOrEqualTo(NOW);
        }
      }
      if (most > removals.size()) {
        assertThat(removals).hasSize((int) idle(facts));
      }
    }
  }

  /** How many could go, said in another way. */
  private static long idle(Facts facts) {
    return facts.images().stream()
        .filter(i -> i.tags().isEmpty() && !i.digests().isEmpty())
        .filter(i -> !facts.inUse().contains(i.id()))
        .filter(
            i ->
                i.digests().stream()
                    .allMatch(
                        d ->
                            !facts.needed().contains(d)
                                && Optional.ofNullable(facts.pulled().get(d))
                                    .filter(p -> !p.pulledAt().isAfter(NOW.minus(AGE)))
                                    .filter(p -> !p.usedAt().isAfter(NOW.minus(AGE)))
                                    .isPresent()))
        .count();
  }

  private static Facts facts(Random random) {
    var images = new ArrayList<Image>();
    Map<String, Pulled> pulled = new HashMap<>();
    Set<String> inUse = new HashSet<>();
    Set<String> needed = new HashSet<>();
    for (int i = 0; i < random.nextInt(12); i++) {
      var digests = new ArrayList<String>();
      for (int d = 0; d < random.nextInt(3); d++) {
        String name = "repo" + d + "@" + i;
        digests.add(name);
        if (random.nextInt(5) > 0) {
          Instant at = NOW.minusSeconds(random.nextInt(7_300) - 50);
          pulled.put(name, new Pulled(at, at.plusSeconds(random.nextInt(3_000))));
        }
        if (random.nextInt(6) == 0) {
          needed.add(name);
        }
      }
      images.add(
          new Image(
              "i" + i, digests, random.nextInt(5) == 0 ? List.of("user:" + i) : List.of(), 10));
      if (random.nextInt(5) == 0) {
        inUse.add("i" + i);
      }
    }
    return new Facts(images, pulled, inUse, needed, NOW);
  }

  @Test
  void removesStoppedTasksEarlyWhereThereIsNoRoomOrTooMany() {
    var stopped = new ArrayList<Stopped>();
    for (int i = 0; i < 6; i++) {
      stopped.add(new Stopped("t" + i, NOW.minusSeconds(i * 400L)));
    }
    Duration least = Duration.ofMinutes(10);
    assertThat(TidyPlan.tasks(stopped, 4, false, least, NOW)).containsExactly("t5", "t4");
    assertThat(TidyPlan.tasks(stopped, 9, false, least, NOW)).isEmpty();
    assertThat(TidyPlan.tasks(stopped, 9, true, least, NOW))
        .containsExactly("t5", "t4", "t3", "t2");
  }

  @Test
  void knowsWhenADiskIsNearlyFull() {
    assertThat(TidyPlan.nearlyFull(100, 16)).isFalse();
    assertThat(TidyPlan.nearlyFull(100, 14)).isTrue();
    assertThat(TidyPlan.nearlyFull(0, 0)).isFalse();
  }
}
