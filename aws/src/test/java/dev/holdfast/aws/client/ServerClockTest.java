// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ServerClockTest {
  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
  private static final String EXPIRED =
      "{\"message\":\"Signature expired: 20261126T120000Z is now earlier than ...\"}";
  private static final String EARLY =
      "{\"InvalidSignatureException\":\"Signature not yet current: 20261126T120000Z is still ...\"}";

  private Instant own = NOW;
  private final ServerClock clock = new ServerClock(() -> own, true);

  private static Optional<String> date(Instant at) {
    return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.format(at.atOffset(ZoneOffset.UTC)));
  }

  @Test
  void goesByItsOwnMachineUntilItIsRefused() {
    assertThat(clock.instant()).isEqualTo(NOW);
  }

  @Test
  void takesTheServersTimeWhereThatRefusesForIt() {
    assertThat(clock.refused(EXPIRED, date(NOW.plus(Duration.ofHours(3))))).isTrue();
    assertThat(clock.instant()).isEqualTo(NOW.plus(Duration.ofHours(3)));
    own = own.plusSeconds(60);
    assertThat(clock.instant()).isEqualTo(NOW.plus(Duration.ofHours(3)).plusSeconds(60));
  }

  @Test
  void comesBackWhenTheServersClockIsMended() {
    assertThat(clock.refused(EXPIRED, date(NOW.plus(Duration.ofHours(3))))).isTrue();
    assertThat(clock.refused(EARLY, date(NOW))).isTrue();
    assertThat(clock.instant()).isEqualTo(NOW);
    assertThat(clock.refused("RequestTimeTooSkewed", date(NOW.minus(Duration.ofHours(1)))))
        .isTrue();
    assertThat(clock.instant()).isEqualTo(NOW.minus(Duration.ofHours(1)));
  }

  @Test
  void takesNothingFromARefusalForAnotherReason() {
    for (String other :
        new String[] {
          "The request signature we calculated does not match", "ExpiredTokenException", ""
        }) {
      assertThat(clock.refused(other, date(NOW.plus(Duration.ofHours(3))))).as(other).isFalse();
    }
    assertThat(clock.instant()).isEqualTo(NOW);
  }

  @Test
  void takesNothingWithoutADateOrWithOneThatIsNone() {
    assertThat(clock.refused(EXPIRED, Optional.empty())).isFalse();
    assertThat(clock.refused(EXPIRED, Optional.of("yesterday"))).isFalse();
    assertThat(clock.instant()).isEqualTo(NOW);
  }

  @Test
  void takesAtMostADay() {
    Duration day = Duration.ofDays(1);
    assertThat(clock.refused(EXPIRED, date(NOW.plus(day).plusSeconds(1)))).isFalse();
    assertThat(clock.refused(EARLY, date(NOW.minus(day).minusSeconds(1)))).isFalse();
    assertThat(clock.instant()).isEqualTo(NOW);
    assertThat(clock.refused(EXPIRED, date(NOW.plus(day)))).isTrue();
  }

  @Test
  void takesNothingFromWhoeverMayAnswerInTheServersPlace() {
    var open = new ServerClock(() -> own, false);
    assertThat(open.refused(EXPIRED, date(NOW.plus(Duration.ofHours(3))))).isFalse();
    assertThat(open.instant()).isEqualTo(NOW);
  }

  @Test
  void doesNotSignAgainWhereNothingChanges() {
    assertThat(clock.refused(EXPIRED, date(NOW.plus(Duration.ofHours(3))))).isTrue();
    assertThat(clock.refused(EXPIRED, date(NOW.plus(Duration.ofHours(3))))).isFalse();
  }
}
