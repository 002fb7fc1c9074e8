// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.agent.AgentFrame;
import dev.holdfast.aws.agent.PayloadMessage;
import dev.holdfast.aws.agent.PayloadTask;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TaskLimitsTest {
  private static PayloadTask task(String members) {
    String frame =
        """
        {"type":"PayloadMessage","message":{"messageId":"m","clusterArn":"c",
         "containerInstanceArn":"i","tasks":[{"arn":"t","desiredStatus":"RUNNING"%s,
         "containers":[{"name":"a","image":"i","cpu":100},{"name":"b","image":"i"}]}]}}\
        """
            .formatted(members);
    return ((PayloadMessage) Objects.requireNonNull(AgentFrame.read(frame))).tasks().getFirst();
  }

  private static TaskLimits limits(String members) {
    return Objects.requireNonNull(TaskLimits.of(task(members)));
  }

  @Test
  void aTaskWithoutSizesHasNone() {
    assertThat(TaskLimits.of(task(""))).isNull();
    assertThat(TaskLimits.of(task(",\"cpu\":0,\"memory\":0"))).isNull();
  }

  @Test
  void writesWhatVersion1Reads() {
    assertThat(limits(",\"cpu\":0.25,\"memory\":64").version1())
        .isEqualTo(
            Map.of(
                "memory/memory.limit_in_bytes", "67108864",
                "cpu/cpu.shares", "256",
                "cpu/cpu.cfs_period_us", "100000",
                "cpu/cpu.cfs_quota_us", "25000"));
  }

  @Test
  void writesWhatVersion2Reads() {
    assertThat(limits(",\"cpu\":2,\"memory\":64").version2())
        .isEqualTo(
            Map.of("memory.max", "67108864", "cpu.weight", "79", "cpu.max", "200000 100000"));
  }

  @Test
  void weighsATaskWithoutCpuAsItsContainersTogether() {
    assertThat(limits(",\"memory\":64").version1())
        .isEqualTo(Map.of("memory/memory.limit_in_bytes", "67108864", "cpu/cpu.shares", "102"));
    assertThat(limits(",\"cpu\":1").version2())
        .isEqualTo(Map.of("cpu.weight", "39", "cpu.max", "100000 100000"));
  }

  @Test
  void writesASliceForSystemd() {
    assertThat(limits(",\"cpu\":0.125,\"memory\":64").slice())
        .contains("[Slice]\n", "MemoryMax=67108864\n", "CPUQuota=12.5%\n", "CPUWeight=5\n");
    assertThat(limits(",\"memory\":64").slice()).doesNotContain("CPUQuota");
  }
}
