// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ApiError;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.ShareRule;
import dev.holdfast.service.Shares;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MachineTurnTest {
  private static final AccountId ONE = new AccountId("111122223333");

  @Test
  void aMachinesRequestWaitsForItsAccountsTurnAndLeavesItsPlace() throws Exception {
    var shares =
        new Shares(
            new ShareRule(1, 1, 1), 0, Duration.ZERO, Duration.ofSeconds(1), System::nanoTime);
    try (Shares.Turn _ = shares.take(ONE)) {
      assertThatThrownBy(() -> MachineDoor.turn(shares, ONE, () -> JsonObject.EMPTY))
          .isInstanceOfSatisfying(
              ApiError.class, e -> assertThat(e.code()).isEqualTo("ThrottlingException"));
    }
    for (int i = 0; i < 2; i++) {
      assertThat(MachineDoor.turn(shares, ONE, () -> JsonObject.EMPTY)).isEqualTo(JsonObject.EMPTY);
    }
  }
}
