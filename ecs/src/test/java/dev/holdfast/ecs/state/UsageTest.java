// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.agent.PublishMetricsRequest;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UsageTest {
  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
  private final Usage usage = new Usage(3);

  private static JsonValue set(String text) {
    return Json.parse(text);
  }

  private void take(String task, String container, String cpu, String memory, Instant at) {
    usage.take(
        new PublishMetricsRequest(
            null,
            null,
            List.of(
                new PublishMetricsRequest.TaskMetric(
                    task,
                    null,
                    null,
                    null,
                    List.of(
                        new PublishMetricsRequest.ContainerMetric(
                            container, set(cpu), set(memory), null, null))))),
        task::equals,
        at);
  }

  private static String of(double mean) {
    return "{\"min\":0,\"max\":99,\"sampleCount\":2,\"sum\":" + 2 * mean + "}";
  }

  @Test
  void keepsTheNewestSampleOfEachContainer() {
    take("t1", "app", of(10), of(64), NOW);
    take("t1", "app", of(20), of(65), NOW.plusSeconds(10));
    assertThat(usage.fresh(NOW.plusSeconds(10)))
        .containsOnlyKeys("t1")
        .containsEntry("t1", List.of(new Usage.Sample("app", 20, 65, NOW.plusSeconds(10))));
  }

  @Test
  void forgetsWhatIsStaleAndWhatIsTooMuch() {
    for (int i = 0; i < 9; i++) {
      take("t" + i, "app", of(i), of(i), NOW.plusSeconds(i));
    }
    assertThat(usage.fresh(NOW.plusSeconds(9))).containsOnlyKeys("t6", "t7", "t8");
    assertThat(usage.fresh(NOW.plusSeconds(99))).isEmpty();
  }

  @Test
  void leavesAloneWhatSaysNothing() {
    take("t1", "app", "{}", of(1), NOW);
    take("t2", "app", "{\"sampleCount\":0,\"sum\":0}", of(1), NOW);
    take("t3", "app", of(-1), of(1), NOW);
    take("t4", "app", "[1]", of(1), NOW);
    assertThat(usage.fresh(NOW)).isEmpty();
  }

  @Test
  void takesNothingOfATaskThatIsElsewhere() {
    usage.take(
        new PublishMetricsRequest(
            null,
            null,
            List.of(
                new PublishMetricsRequest.TaskMetric(
                    "other",
                    null,
                    null,
                    null,
                    List.of(
                        new PublishMetricsRequest.ContainerMetric(
                            "app", set(of(1)), set(of(1)), null, null))))),
        "mine"::equals,
        NOW);
    assertThat(usage.fresh(NOW)).isEmpty();
  }
}
