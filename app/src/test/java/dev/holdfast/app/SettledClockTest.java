// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A clock that leaps deletes nothing. */
class SettledClockTest {
  private static final Instant START = Instant.parse("2026-11-25T12:00:00Z");
  private static final Duration TEN_YEARS = Duration.ofDays(3653);

  private Instant wall = START;
  private long nanos = -5_000_000_000L;

  private SettledClock clock(Optional<Instant> last) {
    return new SettledClock(() -> wall, () -> nanos, last);
  }

  private void pass(Duration time) {
    wall = wall.plus(time);
    nanos += time.toNanos();
  }

  @Test
  void followsAClockThatIsSteady() {
    var clock = clock(Optional.empty());
    for (int i = 0; i < 100; i++) {
      pass(Duration.ofMinutes(10));
      wall = wall.plusSeconds(1); // drifts
      assertThat(clock.instant()).isEqualTo(wall);
    }
    assertThat(clock.warning()).isEmpty();
  }

  @Test
  void goesOnFromBeforeALeapOfTenYearsUntilItIsConfirmed() {
    var clock = clock(Optional.empty());
    wall = wall.plus(TEN_YEARS);
    assertThat(clock.instant()).isEqualTo(START);
    assertThat(clock.warning())
        .hasValueSatisfying(text -> assertThat(text).contains("3653 days ahead", "--confirm"));
    pass(Duration.ofDays(40));
    assertThat(clock.instant())
        .as("however long it lasts")
        .isEqualTo(START.plus(Duration.ofDays(40)));
    assertThat(clock.confirm()).isEqualTo(wall);
    assertThat(clock.instant()).isEqualTo(wall);
    assertThat(clock.warning()).isEmpty();
  }

  @Test
  void isAsBeforeOnceTheClockIsMended() {
    var clock = clock(Optional.empty());
    wall = wall.plus(TEN_YEARS);
    assertThat(clock.instant()).isEqualTo(START);
    pass(Duration.ofHours(3));
    wall = wall.minus(TEN_YEARS);
    assertThat(clock.instant()).isEqualTo(wall);
    assertThat(clock.warning()).isEmpty();
  }

  @Test
  void believesAPauseOnceTheClockStaysRightAsLongAsThePauseWas() {
    var clock = clock(Optional.of(START.minus(Duration.ofHours(9))));
    Instant before = START.minus(Duration.ofHours(9));
    assertThat(clock.instant()).isEqualTo(before);
    assertThat(clock.warning()).as("a night is nothing to talk of").isEmpty();
    pass(Duration.ofHours(8));
    assertThat(clock.instant()).isEqualTo(before.plus(Duration.ofHours(8)));
    pass(Duration.ofHours(1));
    assertThat(clock.instant()).isEqualTo(wall);
  }

  @Test
  void believesALongPauseAfterADay() {
    var clock = clock(Optional.of(START.minus(Duration.ofDays(20))));
    assertThat(clock.warning())
        .hasValueSatisfying(text -> assertThat(text).contains("20 days after this directory"));
    pass(Duration.ofHours(23));
    assertThat(clock.instant()).isBefore(wall);
    pass(Duration.ofHours(1));
    assertThat(clock.instant()).isEqualTo(wall);
  }

  @Test
  void doubtsATenYearPauseAtAStartUntilItIsConfirmed() {
    var clock = clock(Optional.of(START.minus(TEN_YEARS)));
    pass(Duration.ofDays(2));
    assertThat(clock.instant()).isBefore(START);
    assertThat(clock.warning()).isPresent();
  }

  @Test
  void asksForProofAnewAfterEachLeap() {
    var clock = clock(Optional.empty());
    wall = wall.plus(Duration.ofDays(3));
    assertThat(clock.instant()).isEqualTo(START);
    pass(Duration.ofHours(20));
    wall = wall.plus(Duration.ofDays(3));
    assertThat(clock.instant()).isEqualTo(START.plus(Duration.ofHours(20)));
    pass(Duration.ofHours(20));
    assertThat(clock.instant()).isEqualTo(START.plus(Duration.ofHours(40)));
  }

  @Test
  void followsAnHourBackAndSaysSo() {
    var clock = clock(Optional.empty());
    wall = wall.minus(Duration.ofHours(1));
    assertThat(clock.instant()).isEqualTo(wall);
    assertThat(clock.warning())
        .hasValueSatisfying(text -> assertThat(text).contains("went back by 60 minutes"));
    pass(Duration.ofHours(25));
    assertThat(clock.warning()).isEmpty();
  }
}
