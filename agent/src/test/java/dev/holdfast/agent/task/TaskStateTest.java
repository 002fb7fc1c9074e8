// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.agent.PayloadTask;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which changes have to be on disk before anything rests on them. */
final class TaskStateTest {
  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
  private static final TaskState FRESH = TaskState.fresh(List.of("a", "b"));

  @Test
  void whatIsPreparedAgainAfterARestartNeedNotBe() {
    TaskState prepared =
        FRESH
            .pulling(NOW)
            .with("a", c -> c.working(true))
            .with("a", c -> c.pulled("sha256:1"))
            .pulledAt(NOW)
            .working(true)
            .prepared("10.0.0.2");
    assertThat(FRESH.leadsTo(FRESH)).isTrue();
    assertThat(FRESH.leadsTo(prepared)).isTrue();
    var running = new TaskState.Reported(TaskState.Status.RUNNING, Map.of());
    assertThat(FRESH.leadsTo(prepared.acknowledged(running))).isTrue();
  }

  @Test
  void aContainerThatIsKnownAndWhatEndedHasToBe() {
    TaskState made = FRESH.with("a", c -> c.created("id-a"));
    assertThat(FRESH.leadsTo(made)).isFalse();
    assertThat(made.leadsTo(made.with("a", c -> c.working(true)))).isTrue();
    assertThat(made.leadsTo(made.with("b", c -> c.created("id-b")))).isFalse();
    assertThat(made.leadsTo(made.with("a", c -> c.stopped(1, null, NOW)))).isFalse();
    assertThat(made.leadsTo(made.with("a", ContainerState::restarting))).isFalse();
    assertThat(made.leadsTo(made.failed("why"))).isFalse();
    assertThat(made.leadsTo(made.stopping(NOW))).isFalse();
    assertThat(made.leadsTo(made.emptied())).isFalse();
  }

  @Test
  void nothingIsMadeAheadWhereAnotherContainerCouldReadIt() {
    String container =
        "{\"name\":\"a\",\"image\":\"r/i@sha256:"
            + "1".repeat(64)
            + "\",\"essential\":true,\"cpu\":1,\"memory\":4%s}";
    assertThat(ahead(container.formatted(""))).isTrue();
    assertThat(ahead(container.formatted(",\"volumesFrom\":[{\"sourceContainer\":\"b\"}]")))
        .isFalse();
    assertThat(
            ahead(
                container.formatted(
                    ",\"mountPoints\":[{\"sourceVolume\":\"d\",\"containerPath\":\"/d\"}]")))
        .isFalse();
  }

  private static boolean ahead(String containers) {
    PayloadTask task = TaskMachineTest.task(containers);
    return TaskImages.madeAhead(task);
  }
}
