// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.secrets.model.SecretVersion;
import dev.holdfast.secrets.plan.Stages.Outcome.Invalid;
import dev.holdfast.secrets.plan.Stages.Outcome.Moved;
import dev.holdfast.secrets.plan.Stages.Outcome.TooMany;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StagesTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private static SecretVersion version(int id, Instant created, String... stages) {
    return new SecretVersion("v" + id, List.of(stages), created, null, null);
  }

  /**
   * Whatever is added and moved in whatever order: one version is current, no label is twice, and
   * whichever was current before the last change of it is previous.
   */
  @Test
  void oneVersionIsCurrentAndNoLabelIsTwice() {
    for (int seed = 0; seed < 300; seed++) {
      var random = new Random(seed);
      List<SecretVersion> versions = List.of();
      for (int step = 0; step < 40; step++) {
        String before = current(versions);
        versions = step(versions, random, step);
        var labels = new HashSet<String>();
        for (SecretVersion each : versions) {
          for (String stage : each.stages()) {
            assertThat(labels.add(stage))
                .as("seed %d: %s twice in %s", seed, stage, versions)
                .isTrue();
          }
        }
        assertThat(labels).as("seed %d", seed).contains(Stages.CURRENT);
        String after = current(versions);
        if (before != null && !before.equals(after)) {
          assertThat(
                  versions.stream()
                      .filter(v -> v.id().equals(before))
                      .findFirst()
                      .orElseThrow()
                      .stages())
              .contains(Stages.PREVIOUS);
        }
      }
    }
  }

  private static @Nullable String current(List<SecretVersion> versions) {
    return versions.stream()
        .filter(v -> v.stages().contains(Stages.CURRENT))
        .map(SecretVersion::id)
        .findFirst()
        .orElse(null);
  }

  private static List<SecretVersion> step(List<SecretVersion> versions, Random random, int step) {
    String[] stages = {Stages.CURRENT, Stages.PREVIOUS, Stages.PENDING, "mine", "yours"};
    String stage = stages[random.nextInt(stages.length)];
    if (versions.isEmpty() || random.nextInt(3) == 0) {
      return Stages.add(versions, version(step, NOW, stage));
    }
    String from =
        versions.stream()
            .filter(v -> v.stages().contains(stage))
            .map(SecretVersion::id)
            .findFirst()
            .orElse(null);
    String to = random.nextInt(4) == 0 ? null : versions.get(random.nextInt(versions.size())).id();
    return Stages.move(versions, stage, from, to) instanceof Moved(var moved) ? moved : versions;
  }

  @Test
  void refusesMovesThatNameTheWrongVersion() {
    List<SecretVersion> versions =
        List.of(version(1, NOW, Stages.CURRENT), version(2, NOW, "mine"));
    assertThat(Stages.move(versions, "mine", null, null)).isInstanceOf(Invalid.class);
    assertThat(Stages.move(versions, "mine", "v1", "v2")).isInstanceOf(Invalid.class);
    assertThat(Stages.move(versions, "mine", "v3", null)).isInstanceOf(Invalid.class);
    assertThat(Stages.move(versions, "mine", null, "v1")).isInstanceOf(Invalid.class);
    assertThat(Stages.move(versions, "mine", null, "v2")).isInstanceOf(Moved.class);
    assertThat(Stages.move(versions, "mine", "v2", null)).isInstanceOf(Moved.class);
    assertThat(Stages.move(versions, Stages.CURRENT, "v1", null)).isInstanceOf(Invalid.class);
  }

  @Test
  void aVersionHasTwentyLabelsAtMost() {
    var labels = new ArrayList<String>();
    for (int i = 0; i < Stages.MOST; i++) {
      labels.add("l" + i);
    }
    List<SecretVersion> versions =
        List.of(
            version(1, NOW, labels.toArray(String[]::new)),
            version(2, NOW, Stages.CURRENT, "mine"));
    assertThat(Stages.move(versions, "mine", "v2", "v1")).isInstanceOf(TooMany.class);
  }

  @Test
  void makesRoomByTheOldestWithoutLabels() {
    var all = new ArrayList<SecretVersion>();
    all.add(version(0, NOW.minus(Duration.ofDays(9)), "mine"));
    for (int i = 1; i < Stages.MOST_VERSIONS; i++) {
      all.add(version(i, NOW.minus(Duration.ofDays(2))));
    }
    List<SecretVersion> kept = Stages.room(all, NOW).orElseThrow();
    assertThat(kept).hasSize(Stages.MOST_VERSIONS - 1);
    assertThat(kept.getFirst().id()).isEqualTo("v0");
    assertThat(kept.get(1).id()).isEqualTo("v2");
    assertThat(Stages.room(all, NOW.minus(Duration.ofDays(2)))).as("too young").isEmpty();
  }
}
