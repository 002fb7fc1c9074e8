// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.AccountId;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UploadShareTest {
  private static final AccountId A = new AccountId("111111111111");
  private static final AccountId B = new AccountId("222222222222");
  private static final AccountId C = new AccountId("333333333333");

  @Test
  void whoHasMostGivesWayToWhoHasFewer() {
    assertThat(UploadShare.yields(Map.of(A, 990, B, 10), C)).contains(A);
    assertThat(UploadShare.yields(Map.of(A, 990, B, 10), B)).contains(A);
    assertThat(UploadShare.yields(Map.of(A, 500, B, 500), C)).isPresent();
  }

  @Test
  void whoHasItsShareWaits() {
    assertThat(UploadShare.yields(Map.of(A, 1000), A)).isEmpty();
    assertThat(UploadShare.yields(Map.of(A, 990, B, 10), A)).isEmpty();
    assertThat(UploadShare.yields(Map.of(A, 501, B, 499), B)).as("501 and 500").contains(A);
    assertThat(UploadShare.yields(Map.of(A, 500, B, 500), B)).isEmpty();
    assertThat(UploadShare.yields(Map.of(), A)).isEmpty();
  }
}
