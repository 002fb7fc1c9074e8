// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ecs.model.ContainerState;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskDefinition;
import dev.holdfast.ecs.model.TaskStatus;
import dev.holdfast.ecs.model.TaskStatus.Last;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Region;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class TaskTransitionsTest {
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
  private static final AccountId ACCOUNT = new AccountId("123456789012");
  private static final Region REGION = new Region("eu-test-1");

  @Test
  void endsATaskWhoseHostIsLost() {
    Task running = TaskTransitions.reported(placed(), report(Last.RUNNING), NOW);
    Task lost = TaskTransitions.lost(running, "restored elsewhere", NOW.plusSeconds(1));
    assertThat(lost.live()).isFalse();
    assertThat(lost.status().stopCode()).isEqualTo("TerminationNotice");
    assertThat(lost.status().stoppedReason()).isEqualTo("restored elsewhere");
    assertThat(lost.status().times().stoppedAt()).isEqualTo(NOW.plusSeconds(1));
    assertThat(lost.containers()).allMatch(c -> c.lastStatus() == Last.STOPPED);
    assertThat(TaskTransitions.lost(lost, "again", NOW)).isSameAs(lost);
  }

  private static Task placed() {
    var key = new Task.Key(ACCOUNT, REGION, "shop", "0".repeat(32));
    var definition = new TaskDefinition.Key(ACCOUNT, REGION, "web", 1);
    return new Task(
        key,
        new Task.Launch(definition, "family:web", null, "EC2", JsonObject.EMPTY, null, null),
        new Task.Placement("i", "local"),
        new Task.Environment(null, "none"),
        List.of(),
        new Task.Credentials(null, null, null, null, List.of()),
        TaskStatus.placed(NOW).told(),
        List.of(container("init", false), container("app", true)),
        List.of());
  }

  private static ContainerState container(String name, boolean essential) {
    return new ContainerState(
        name,
        name,
        "i",
        "i",
        essential,
        essential,
        null,
        null,
        Last.PENDING,
        null,
        null,
        null,
        List.of());
  }

  private static TaskReport report(
      @Nullable Last status, TaskReport.ContainerReport... containers) {
    return new TaskReport(status, "", List.of(containers), null, null, null);
  }

  private static TaskReport.ContainerReport of(
      String name, Last status, @Nullable Integer exit, @Nullable String reason) {
    return new TaskReport.ContainerReport(name, status, null, null, exit, reason, List.of());
  }

  @Test
  void saysThatAnEssentialContainerExited() {
    Task running = TaskTransitions.reported(placed(), report(Last.RUNNING), NOW);
    Task stopped =
        TaskTransitions.reported(
            running, report(Last.STOPPED, of("app", Last.STOPPED, 1, null)), NOW.plusSeconds(9));

    assertThat(stopped.status().stopCode()).isEqualTo("EssentialContainerExited");
    assertThat(stopped.status().stoppedReason()).isEqualTo("Essential container in task exited");
    assertThat(stopped.status().times().stoppedAt()).isEqualTo(NOW.plusSeconds(9));
    assertThat(stopped.containers()).allMatch(c -> c.lastStatus() == Last.STOPPED);
  }

  @Test
  void saysThatATaskFailedToStartWhereOnlyItsPreparationRan() {
    Task stopped =
        TaskTransitions.reported(
            placed(),
            report(
                Last.STOPPED,
                of("init", Last.STOPPED, 0, null),
                of("app", Last.STOPPED, null, "CannotPullContainerError: no such image")),
            NOW);

    assertThat(stopped.status().stopCode()).isEqualTo("TaskFailedToStart");
    assertThat(stopped.status().stoppedReason())
        .isEqualTo("CannotPullContainerError: no such image");
    assertThat(stopped.status().times().startedAt()).isNull();
  }

  @Test
  void keepsTheReasonOfTheOneWhoWantedItStopped() {
    Task running = TaskTransitions.reported(placed(), report(Last.RUNNING), NOW);
    Task wanted = TaskTransitions.stop(running, "maintenance", NOW);
    assertThat(wanted.status().lastStatus()).isEqualTo(Last.RUNNING);

    Task stopped =
        TaskTransitions.reported(
            wanted, report(Last.STOPPED, of("app", Last.STOPPED, 137, null)), NOW);

    assertThat(stopped.status().stopCode()).isEqualTo("UserInitiated");
    assertThat(stopped.status().stoppedReason()).isEqualTo("maintenance");
  }

  @Test
  void neverMovesBackwards() {
    var random = new SplittableRandom(5);
    List<Last> words = List.of(Last.PENDING, Last.RUNNING, Last.STOPPED);
    for (int round = 0; round < 300; round++) {
      Task task = placed();
      for (int step = 0; step < 12; step++) {
        Last said = random.nextInt(4) == 0 ? null : words.get(random.nextInt(words.size()));
        Last one = words.get(random.nextInt(words.size()));
        Task next =
            random.nextInt(6) == 0
                ? TaskTransitions.stop(task, null, NOW)
                : TaskTransitions.reported(task, report(said, of("app", one, null, null)), NOW);
        assertThat(next.status().lastStatus()).isGreaterThanOrEqualTo(task.status().lastStatus());
        assertThat(next.status().desiredStatus())
            .isGreaterThanOrEqualTo(task.status().desiredStatus());
        assertThat(next.status().version()).isGreaterThanOrEqualTo(task.status().version());
        assertThat(next.containers().getLast().lastStatus())
            .isGreaterThanOrEqualTo(task.containers().getLast().lastStatus());
        task = next;
      }
    }
  }

  @Test
  void isAsHealthyAsItsEssentialContainers() {
    Task task = placed();
    assertThat(TaskTransitions.health(task)).isEqualTo("UNKNOWN");
    Task healthy = TaskTransitions.health(task, "app", "HEALTHY");
    assertThat(TaskTransitions.health(healthy)).isEqualTo("HEALTHY");
    assertThat(TaskTransitions.health(TaskTransitions.health(healthy, "app", "UNHEALTHY")))
        .isEqualTo("UNHEALTHY");
    assertThat(TaskTransitions.health(healthy, "init", "UNHEALTHY")).isSameAs(healthy);
  }
}
