// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.app.TestPlatform;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * A clock that leaps ten years ahead makes the assembled platform's housekeeping delete nothing.
 */
class ClockLeapTest {
  private static final Duration TEN_YEARS = Duration.ofDays(3653);

  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
  private final InstantSource clock = () -> InstantSource.system().instant().plus(ahead.get());

  @Test
  void deletesNothingByAClockThatLeaptUntilItIsConfirmed() throws Exception {
    try (Harbor harbor = Harbor.over(TestPlatform.start(clock))) {
      String key = Harbor.text(harbor.admin("kms:CreateKey", "{}").object("KeyMetadata"), "KeyId");
      harbor.admin(
          "kms:ScheduleKeyDeletion", "{\"KeyId\":\"" + key + "\",\"PendingWindowInDays\":7}");
      JsonObject session = harbor.admin("sts:GetSessionToken", "{}").object("Credentials");
      assertThat(session.string("SessionToken")).isNotEmpty();

      ahead.set(TEN_YEARS);
      harbor.platform().tidy();
      assertThat(harbor.platform().warnings())
          .anySatisfy(text -> assertThat(text).contains("the clock says", "--confirm"));

      ahead.set(Duration.ZERO);
      harbor.platform().tidy();
      assertThat(state(harbor, key)).isEqualTo("PendingDeletion");
      assertThat(
              harbor
                  .admin(
                      "cloudtrail:LookupEvents",
                      "{\"LookupAttributes\":[{\"AttributeKey\":\"EventName\","
                          + "\"AttributeValue\":\"CreateKey\"}]}")
                  .array("Events"))
          .isNotEmpty();
      assertThat(harbor.platform().warnings()).isEmpty();

      ahead.set(TEN_YEARS);
      harbor.platform().confirmClock();
      harbor.platform().tidy();
      ahead.set(Duration.ZERO);
      assertThatThrownBy(() -> state(harbor, key))
          .as("what is over by a clock that is right goes")
          .hasMessageContaining(key);
    }
  }

  private static String state(Harbor harbor, String key) {
    return String.valueOf(
        harbor
            .admin("kms:DescribeKey", "{\"KeyId\":\"" + key + "\"}")
            .object("KeyMetadata")
            .string("KeyState"));
  }
}
