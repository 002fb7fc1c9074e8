// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskSizeTest {
  @ParameterizedTest
  @CsvSource({"256, 256", ".25 vCPU, 256", "4 vCPU, 4096", "much, much", ","})
  void policiesJudgeCpuUnitsHoweverTheyAreWritten(String written, String judged) {
    assertThat(TaskSize.cpuKey(written)).isEqualTo(judged);
  }

  @ParameterizedTest
  @CsvSource({"512, 512", "16 GB, 16384", "0.5gb, 512", "much, much", ","})
  void policiesJudgeMebibytesHoweverTheyAreWritten(String written, String judged) {
    assertThat(TaskSize.memoryKey(written)).isEqualTo(judged);
  }
}
