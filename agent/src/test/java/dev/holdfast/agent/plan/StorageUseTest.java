// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class StorageUseTest {
  private static final long MIB = 1L << 20;
  private static final StorageUse USE =
      new StorageUse(Map.of("web", 10 * MIB, "log", 2 * MIB), Map.of("cache", 4 * MIB));

  @Test
  void aTaskMayUseAllOfItsStorage() {
    assertThat(USE.total()).isEqualTo(16 * MIB);
    assertThat(USE.over(16 * MIB)).isEmpty();
    assertThat(new StorageUse(Map.of(), Map.of()).over(0)).isEmpty();
  }

  @Test
  void saysHowMuchItIsAndWhereMostOfItLies() {
    assertThat(USE.over(16 * MIB - 1).orElseThrow())
        .startsWith("OutOfStorageError: ")
        .contains("hold 16.0 MiB", "storage is 16.0 MiB", "most is in the container web");
    assertThat(
            new StorageUse(Map.of("web", MIB), Map.of("cache", 21L << 30))
                .over(20L << 30)
                .orElseThrow())
        .contains("hold 21.0 GiB", "storage is 20.0 GiB", "most is in the volume cache");
  }
}
