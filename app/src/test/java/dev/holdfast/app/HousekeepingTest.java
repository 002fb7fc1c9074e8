// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.app.Housekeeping.Chore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HousekeepingTest {
  private Instant now = Instant.parse("2026-11-25T12:00:00Z");
  private long nanos = Long.MAX_VALUE - 1;
  private final List<String> done = new ArrayList<>();
  private final Chore failing =
      Chore.hourly(
          "failing",
          _ -> {
            done.add("failing");
            throw new IllegalStateException("a chore that fails");
          });

  private Housekeeping keeping(Chore... chores) {
    return new Housekeeping(List.of(chores), () -> now, () -> nanos);
  }

  private void pass(Housekeeping house, Duration time) {
    now = now.plus(time);
    nanos += time.toNanos();
    house.beat();
  }

  @Test
  void doesAChoreWhenItsTimeHasComeAndNoSooner() {
    try (var house = keeping(Chore.hourly("a", at -> done.add("a " + at)))) {
      pass(house, Duration.ofMinutes(59));
      assertThat(done).isEmpty();
      pass(house, Duration.ofMinutes(1));
      pass(house, Duration.ofMinutes(59));
      assertThat(done).containsExactly("a 2026-11-25T13:00:00Z");
      pass(house, Duration.ofMinutes(1));
      assertThat(done).hasSize(2);
    }
  }

  @Test
  void doesDailyChoresAfterAnHourAndThenOnceADay() {
    try (var house = keeping(Chore.daily("a", _ -> done.add("a")))) {
      pass(house, Duration.ofHours(1));
      assertThat(done).hasSize(1);
      pass(house, Duration.ofHours(23));
      assertThat(done).hasSize(1);
      pass(house, Duration.ofHours(1));
      assertThat(done).hasSize(2);
    }
  }

  @Test
  void aChoreThatFailsKeepsNoneOfTheOthersAndComesAgain() {
    try (var house = keeping(failing, Chore.hourly("next", _ -> done.add("next")))) {
      pass(house, Duration.ofHours(1));
      pass(house, Duration.ofHours(1));
    }
    assertThat(done).containsExactly("failing", "next", "failing", "next");
  }

  @Test
  void noLeapOfTheClockBringsOrDelaysAChore() {
    try (var house = keeping(Chore.hourly("a", _ -> done.add("a")))) {
      now = now.plus(Duration.ofDays(3653));
      house.beat();
      assertThat(done).isEmpty();
      now = now.minus(Duration.ofDays(7000));
      pass(house, Duration.ofHours(1));
      assertThat(done).hasSize(1);
    }
  }

  @Test
  void beginsNoChoreAfterItsEnd() {
    Housekeeping house = keeping(Chore.hourly("a", _ -> done.add("a")));
    house.close();
    pass(house, Duration.ofHours(2));
    assertThat(done).isEmpty();
  }
}
