// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.engine.Container;
import dev.holdfast.agent.task.TaskMachine.Decision;
import dev.holdfast.agent.task.TaskState.Status;
import dev.holdfast.aws.agent.AgentFrame;
import dev.holdfast.aws.agent.PayloadMessage;
import dev.holdfast.aws.agent.PayloadTask;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TaskMachineTest {
  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
  private final TaskMachine machine = new TaskMachine(Duration.ofMinutes(10));

  static PayloadTask task(String containers) {
    String frame =
        "{\"type\":\"PayloadMessage\",\"message\":{\"messageId\":\"m\",\"clusterArn\":\"c\","
            + "\"containerInstanceArn\":\"i\",\"tasks\":[{\"arn\":\"t\",\"desiredStatus\":\"RUNNING\","
            + "\"containers\":["
            + containers
            + "]}]}}";
    PayloadMessage message = (PayloadMessage) Objects.requireNonNull(AgentFrame.read(frame));
    return message.tasks().getFirst();
  }

  @Test
  void refusesAnImageThatWouldLeadTheEnginesApiElsewhere() {
    assertThat(TaskMachine.fault(task("{\"name\":\"a\",\"image\":\"h:1/a/b:t\"}"))).isNull();
    String digest = "@sha256:" + "0".repeat(64);
    assertThat(TaskMachine.fault(task("{\"name\":\"a\",\"image\":\"h:1/a" + digest + "\"}")))
        .isNull();
    for (String image : java.util.List.of("", "../containers/x", "a?b", "a b", "http://h/a:1")) {
      assertThat(TaskMachine.fault(task("{\"name\":\"a\",\"image\":\"" + image + "\"}")))
          .contains("is no reference");
    }
  }

  private static String container(String name, boolean essential, String more) {
    return "{\"name\":\"%s\",\"image\":\"i\",\"essential\":%s%s}".formatted(name, essential, more);
  }

  private static String dependsOn(String name, String condition) {
    return ",\"dependsOn\":[{\"containerName\":\"%s\",\"condition\":\"%s\"}]"
        .formatted(name, condition);
  }

  private static TaskState ready(PayloadTask task) {
    TaskState state = TaskState.fresh(task.containers().stream().map(c -> c.name()).toList());
    for (var c : task.containers()) {
      state = state.with(c.name(), s -> s.pulled("sha256:1"));
    }
    return state.prepared(null);
  }

  private static Container engine(
      String name, String status, int exit, @Nullable String health, Instant from, Instant to) {
    return new Container(
        "id-" + name,
        name,
        "img",
        status,
        exit,
        false,
        "",
        health,
        from,
        from,
        to,
        Map.of(),
        Map.of(),
        List.of());
  }

  private static TaskState running(TaskState state, String name, @Nullable String health) {
    return state.with(
        name, c -> c.created("id-" + name).seen(engine(name, "running", 0, health, T0, T0), T0));
  }

  private static TaskState exited(TaskState state, String name, int code, Instant at) {
    return state.with(name, c -> c.seen(engine(name, "exited", code, null, T0, at), at));
  }

  @Test
  void pullsAndProvisionsAtOnceAndCreatesOnlyWhenBothAreDone() {
    PayloadTask task = task(container("a", true, ""));
    Decision first = machine.next(task, false, TaskState.fresh(List.of("a")), T0);
    assertThat(first.steps()).containsExactly(new Step.Provision(), new Step.Pull("a"));
    assertThat(machine.next(task, false, first.state(), T0).steps()).isEmpty();
    TaskState pulled = first.state().with("a", c -> c.pulled("d"));
    assertThat(machine.next(task, false, pulled, T0).steps()).isEmpty();
    assertThat(machine.next(task, false, pulled.prepared(null), T0).steps())
        .containsExactly(new Step.Create("a"));
  }

  @Test
  void waitsForEachConditionOfDependsOn() {
    for (String condition : List.of("START", "COMPLETE", "SUCCESS", "HEALTHY")) {
      PayloadTask task =
          task(
              container("a", false, ",\"startTimeout\":30")
                  + ","
                  + container("b", true, dependsOn("a", condition)));
      TaskState state = ready(task);
      assertThat(machine.next(task, false, state, T0).steps())
          .containsExactly(new Step.Create("a"));
      TaskState reached =
          switch (condition) {
            case "START" -> running(state, "a", null);
            case "HEALTHY" -> running(state, "a", "healthy");
            default -> exited(running(state, "a", null), "a", 0, T0);
          };
      assertThat(machine.next(task, false, reached, T0).steps())
          .as(condition)
          .containsExactly(new Step.Create("b"));
      if (!condition.equals("START")) {
        TaskState early = running(state, "a", "starting");
        Decision waiting = machine.next(task, false, early, T0);
        assertThat(waiting.steps()).as(condition).isEmpty();
        assertThat(waiting.wake()).isEqualTo(T0.plusSeconds(30));
        Decision late = machine.next(task, false, early, T0.plusSeconds(31));
        assertThat(late.state().container("b").reason()).startsWith("TaskDependencyError");
      }
    }
  }

  @Test
  void failsTheDependentWhenSuccessIsImpossible() {
    PayloadTask task =
        task(
            container("a", false, "")
                + ","
                + container(
                    "b",
                    true,
                    ",\"dependsOn\":[{\"containerName\":\"a\",\"condition\":\"SUCCESS\"}]"));
    TaskState state = exited(running(ready(task), "a", null), "a", 3, T0);
    Decision decision = machine.next(task, false, state, T0);
    assertThat(decision.state().stopped()).isTrue();
    TaskReport report = Objects.requireNonNull(TaskReport.next(task, decision.state()));
    assertThat(report.status()).isEqualTo(Status.STOPPED);
    assertThat(report.reason()).startsWith("TaskDependencyError");
  }

  @Test
  void stopsInReverseOrderWhenAnEssentialContainerEnds() {
    PayloadTask task =
        task(
            container("db", false, ",\"stopTimeout\":5")
                + ","
                + container(
                    "web",
                    false,
                    ",\"dependsOn\":[{\"containerName\":\"db\",\"condition\":\"START\"}]")
                + ","
                + container("main", true, ""));
    TaskState state = ready(task);
    for (String name : List.of("db", "web", "main")) {
      state = running(state, name, null);
    }
    state = exited(state, "main", 7, T0);
    Decision first = machine.next(task, false, state, T0);
    assertThat(first.steps()).containsExactly(new Step.Stop("web", Duration.ofSeconds(30)));
    Decision second = machine.next(task, false, exited(first.state(), "web", 143, T0), T0);
    assertThat(second.steps()).containsExactly(new Step.Stop("db", Duration.ofSeconds(5)));
    Decision third = machine.next(task, false, exited(second.state(), "db", 143, T0), T0);
    assertThat(third.steps()).containsExactly(new Step.Release());
  }

  @Test
  void restartsOnlyAfterThePeriodAndNotForIgnoredCodes() {
    PayloadTask task =
        task(
            container(
                "a",
                true,
                ",\"restartPolicy\":{\"enabled\":true,\"ignoredExitCodes\":[0],\"restartAttemptPeriod\":60}"));
    TaskState state = running(ready(task), "a", null);
    Instant later = T0.plusSeconds(61);
    Decision again = machine.next(task, false, exited(state, "a", 1, later), later);
    assertThat(again.steps()).containsExactly(new Step.Start("a"));
    assertThat(again.state().container("a").restarts()).isEqualTo(1);
    assertThat(machine.next(task, false, exited(state, "a", 0, later), later).state().stopped())
        .isTrue();
    Instant soon = T0.plusSeconds(10);
    assertThat(machine.next(task, false, exited(state, "a", 1, soon), soon).state().stopped())
        .isTrue();
    assertThat(machine.next(task, true, exited(state, "a", 1, later), later).steps())
        .containsExactly(new Step.Release());
  }

  @Test
  void reportsRunningBeforeStoppedAndNothingTwice() {
    PayloadTask task = task(container("a", true, ""));
    TaskState state = exited(running(ready(task), "a", null), "a", 7, T0);
    TaskReport first = Objects.requireNonNull(TaskReport.next(task, state));
    assertThat(first.status()).isEqualTo(Status.RUNNING);
    state = state.acknowledged(first.acknowledged(state.reported()));
    TaskReport second = Objects.requireNonNull(TaskReport.next(task, state));
    assertThat(second.status()).isEqualTo(Status.STOPPED);
    assertThat(second.containers().getFirst().exitCode()).isEqualTo(7);
    assertThat(second.reason()).isEmpty();
    state = state.acknowledged(second.acknowledged(state.reported()));
    assertThat(TaskReport.next(task, state)).isNull();
  }

  @Test
  void stopsATaskThatCouldNotBeProvisionedAndCleansUpLater() {
    PayloadTask task = task(container("a", true, ""));
    TaskState state = TaskState.fresh(List.of("a")).failed("ResourceInitializationError: x");
    Decision decision = machine.next(task, false, state, T0);
    assertThat(decision.steps()).containsExactly(new Step.Release());
    TaskReport report = Objects.requireNonNull(TaskReport.next(task, decision.state()));
    assertThat(report.reason()).isEqualTo("ResourceInitializationError: x");
    TaskState known =
        decision.state().emptied().acknowledged(report.acknowledged(state.reported()));
    assertThat(machine.next(task, false, known, T0).wake()).isEqualTo(T0.plusSeconds(600));
    assertThat(machine.next(task, false, known, T0.plusSeconds(600)).steps())
        .containsExactly(new Step.CleanUp());
  }

  @Test
  void namesWhatMakesATaskUnusable() {
    assertThat(TaskMachine.fault(task(""))).contains("no containers");
    assertThat(
            TaskMachine.fault(
                task(
                    container("a", true, dependsOn("b", "START"))
                        + ","
                        + container("b", true, dependsOn("a", "START")))))
        .isEqualTo("Task dependencies cannot be resolved");
  }

  @Test
  void waitsForADependencyThatIsRestartedWhicheverIsNamedFirst() {
    String restarting = ",\"restartPolicy\":{\"enabled\":true,\"restartAttemptPeriod\":60}";
    for (String condition : List.of("HEALTHY", "SUCCESS", "COMPLETE")) {
      String waiting = container("a", true, dependsOn("b", condition));
      String restarted = container("b", false, restarting);
      for (String containers : List.of(waiting + "," + restarted, restarted + "," + waiting)) {
        PayloadTask task = task(containers);
        TaskState state = exited(running(ready(task), "b", null), "b", 1, T0.plusSeconds(90));
        Decision next = machine.next(task, false, state, T0.plusSeconds(90));
        assertThat(next.steps()).containsExactly(new Step.Start("b"));
        assertThat(next.state().stopped()).isFalse();
        assertThat(machine.next(task, false, next.state(), T0.plusSeconds(91)).steps()).isEmpty();
        TaskState healthy = running(next.state(), "b", "healthy");
        assertThat(machine.next(task, false, healthy, T0.plusSeconds(95)).steps())
            .isEqualTo(condition.equals("HEALTHY") ? List.of(new Step.Create("a")) : List.of());
      }
    }
  }
}
