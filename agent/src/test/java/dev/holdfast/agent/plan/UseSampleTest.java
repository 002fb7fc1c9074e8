// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.Json;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class UseSampleTest {
  private static @Nullable UseSample sample(String time, long cpu, String memory) {
    return UseSample.of(
        Json.parseObject(
            "{\"read\":\"2026-11-26T12:00:"
                + time
                + "Z\",\"cpu_stats\":{\"cpu_usage\":{\"total_usage\":"
                + cpu
                + "},\"online_cpus\":2},\"memory_stats\":"
                + memory
                + "}"));
  }

  private static final String V2 = "{\"usage\":3145728,\"stats\":{\"inactive_file\":1048576}}";

  @Test
  void countsProcessorTimeBetweenTwoReadings() {
    UseSample first = Objects.requireNonNull(sample("00.0", 1_000_000_000L, V2));
    UseSample second = Objects.requireNonNull(sample("10.0", 6_000_000_000L, V2));
    // Half of one of two processors.
    assertThat(second.cpuSince(first)).isEqualTo(25.0);
    assertThat(second.memoryMiB()).isEqualTo(2.0);
    assertThat(first.cpuSince(second)).isNull();
  }

  @Test
  void readsControlGroupsOfVersionOne() {
    UseSample one =
        Objects.requireNonNull(
            sample("00", 1, "{\"usage\":3145728,\"stats\":{\"total_inactive_file\":2097152}}"));
    assertThat(one.memoryMiB()).isEqualTo(1.0);
  }

  @Test
  void saysNothingOfAContainerThatDoesNotRun() {
    assertThat(UseSample.of(Json.parseObject("{}"))).isNull();
    assertThat(sample("00", 1, "{}")).isNull();
  }
}
