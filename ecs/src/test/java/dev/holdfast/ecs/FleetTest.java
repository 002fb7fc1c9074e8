// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.ecs.CreateServiceResponse;
import dev.holdfast.aws.ecs.RegisterContainerInstanceResponse;
import dev.holdfast.ecs.control.ServiceScheduler;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskStatus;
import dev.holdfast.ecs.plan.TaskReport;
import dev.holdfast.ecs.plan.TaskTransitions;
import dev.holdfast.ecs.state.Connections;
import dev.holdfast.ecs.state.Launcher;
import dev.holdfast.ecs.state.Services;
import dev.holdfast.ecs.state.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Services among hosts whose agents registered themselves, some of which fall silent. */
final class FleetTest {
  private static final Service.Key WEB =
      new Service.Key(Fixture.ACCOUNT, Fixture.REGION, "shop", "web");

  private final Fixture f = new Fixture();
  private final Tasks tasks = new Tasks(f.fakeRoles);
  private final Map<String, Connections.Lease> leases = new HashMap<>();
  private ServiceScheduler scheduler = scheduler();

  FleetTest() {
    Scenes.shop(f);
  }

  private ServiceScheduler scheduler() {
    return new ServiceScheduler(
        f.deps, new Launcher(f.deps, f.ecs.connections()), tasks, f.ecs.connections());
  }

  private String join(int number) {
    var instance =
        f.call(
                Fixture.principal(Fixture.ACCOUNT, "AIDAHOST" + number, "AKIAHOST" + number),
                "RegisterContainerInstance",
                "{\"cluster\":\"shop\",\"totalResources\":["
                    + "{\"name\":\"CPU\",\"type\":\"INTEGER\",\"integerValue\":1024},"
                    + "{\"name\":\"MEMORY\",\"type\":\"INTEGER\",\"integerValue\":1024}]}",
                RegisterContainerInstanceResponse.class)
            .containerInstance();
    String arn = String.valueOf(Objects.requireNonNull(instance).containerInstanceArn());
    listen(arn);
    return arn;
  }

  private void listen(String arn) {
    leases.put(arn, f.ecs.connections().open(arn, new Connections.Peer("1.0", "1")).orElseThrow());
  }

  private void cut(String arn) {
    Objects.requireNonNull(leases.remove(arn)).close();
  }

  private void create(String more) {
    var _ =
        f.call(
            "CreateService",
            "{\"cluster\":\"shop\",\"serviceName\":\"web\",\"taskDefinition\":\"web\""
                + ServiceScene.PROD
                + more
                + "}",
            CreateServiceResponse.class);
  }

  private List<Task> live() {
    return f.state.read(view -> view.all(EcsTables.TASKS)).stream().filter(Task::live).toList();
  }

  private List<Task> wanted() {
    return live().stream().filter(Task::wanted).toList();
  }

  private Service service() {
    return f.state.read(view -> Optional.ofNullable(Services.find(view, WEB))).orElseThrow();
  }

  /** Every task of a host that listens does as it is told, some seconds long. */
  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      for (Task task : live()) {
        String arn =
            "arn:aws:ecs:eu-test-1:123456789012:container-instance/shop/" + task.place().instance();
        if (leases.containsKey(arn)) {
          report(task, task.wanted() ? TaskStatus.Last.RUNNING : TaskStatus.Last.STOPPED);
        }
      }
      f.now = f.now.plus(Duration.ofSeconds(1));
      var _ = scheduler.tend(WEB);
    }
  }

  private void report(Task task, TaskStatus.Last status) {
    f.state.own(
        tx -> {
          Task row = Objects.requireNonNull(tx.get(EcsTables.TASKS, Fixture.ACCOUNT, task.key()));
          var container =
              new TaskReport.ContainerReport("app", status, null, null, null, null, List.of());
          var report = new TaskReport(status, null, List.of(container), null, null, null);
          Task next =
              TaskTransitions.health(
                  TaskTransitions.reported(row.with(row.status().told()), report, f.now),
                  "app",
                  "HEALTHY");
          tasks.put(tx, row, next, f.now);
          return next;
        });
  }

  private static String instance(Task task) {
    return task.place().instance();
  }

  @Test
  void aDaemonDoesNotWaitForAnAgentThatWasNeverThere() {
    join(1);
    join(2);
    create(",\"schedulingStrategy\":\"DAEMON\"");
    pass(5);
    assertThat(live()).hasSize(2);
    assertThat(service().desiredCount()).isEqualTo(2);
    assertThat(service().progress().steady()).isTrue();
  }

  @Test
  void aDeploymentEndsThoughAHostIsLost() {
    join(1);
    String lost = join(2);
    create(",\"desiredCount\":2,\"placementStrategy\":[{\"type\":\"spread\"}]");
    pass(5);
    assertThat(live().stream().map(FleetTest::instance).distinct()).hasSize(2);

    cut(lost);
    pass(100);

    assertThat(wanted()).hasSize(2).noneMatch(t -> lost.endsWith(instance(t)));
    assertThat(live()).as("the lost copy is still to be stopped").hasSize(3);
    assertThat(service().progress().steady()).isTrue();
    assertThat(service().rollouts()).hasSize(1);
  }

  @Test
  void aPlatformThatStartsAgainKeepsTheReplacementsOfALostHost() {
    String stays = join(1);
    String lost = join(2);
    create(
        ",\"desiredCount\":2,\"placementStrategy\":[{\"type\":\"spread\"}],"
            + "\"deploymentConfiguration\":{\"minimumHealthyPercent\":50,\"maximumPercent\":200}");
    pass(5);
    cut(lost);
    // The replacement runs, and the lost copy is not given up yet, since it is not healthy yet.
    for (int i = 0; i < 92; i++) {
      f.now = f.now.plus(Duration.ofSeconds(1));
      var _ = scheduler.tend(WEB);
    }
    assertThat(wanted()).hasSize(3);
    scheduler = scheduler();
    pass(5);
    assertThat(wanted()).hasSize(2).allMatch(t -> stays.endsWith(instance(t)));
  }

  @Test
  void aClockThatLeapsMovesNothingOffTheHostsThatItKeepsAway() {
    for (int i = 1; i <= 3; i++) {
      join(i); // one of them has room, and may come back
    }
    create(",\"desiredCount\":2,\"placementStrategy\":[{\"type\":\"spread\"}]");
    pass(5);
    List<Task> before = live();
    List<String> away =
        leases.keySet().stream()
            .filter(arn -> before.stream().anyMatch(task -> arn.endsWith(instance(task))))
            .toList();
    assertThat(away).hasSize(2);

    f.leap = Duration.ofDays(3653);
    away.forEach(this::cut); // their signatures are of ten years ago
    pass(300);
    assertThat(live()).extracting(Task::key).containsExactlyElementsOf(keys(before));
    assertThat(wanted()).hasSize(2);

    f.leap = Duration.ZERO;
    away.forEach(this::listen);
    pass(60);
    assertThat(live()).extracting(Task::key).containsExactlyElementsOf(keys(before));
    assertThat(wanted()).hasSize(2);
    assertThat(service().progress().steady()).isTrue();
  }

  @Test
  void aLeapThatIsConfirmedKeepsNoHostThatIsLost() {
    join(1);
    String lost = join(2);
    create(",\"desiredCount\":2,\"placementStrategy\":[{\"type\":\"spread\"}]");
    pass(5);
    f.leap = Duration.ofDays(3653);
    pass(1);
    cut(lost);
    pass(200);
    assertThat(wanted()).anyMatch(t -> lost.endsWith(instance(t)));
    f.taken = f.leap;
    pass(60);
    assertThat(wanted()).hasSize(2).noneMatch(t -> lost.endsWith(instance(t)));
  }

  private static List<Task.Key> keys(List<Task> tasks) {
    return tasks.stream().map(Task::key).toList();
  }

  @Test
  void placesAmongManyHostsByTheRowsOfTheOneThatItTakes() {
    f.connect();
    create(",\"desiredCount\":1");
    for (int i = 0; i < 40; i++) {
      join(i);
    }
    pass(3);
    var _ = Scenes.task(Scenes.run(f, ",\"tags\":[{\"key\":\"environment\",\"value\":\"dev\"}]"));
    f.store.reset();
    var _ = Scenes.task(Scenes.run(f, ",\"tags\":[{\"key\":\"environment\",\"value\":\"dev\"}]"));
    assertThat(f.store.entries()).as("entries read of 41 hosts").isLessThan(30);
  }

  @Test
  void placesOnlyWhatFitsThoughItsPictureIsOfBefore() {
    join(1);
    create(",\"desiredCount\":8");
    pass(3);
    var all = new ArrayList<>(live());
    assertThat(all).hasSize(8);
    var more = Scenes.run(f, ",\"tags\":[{\"key\":\"environment\",\"value\":\"dev\"}]");
    assertThat(more.failures().getFirst().reason()).isIn("RESOURCE:MEMORY", "AGENT");
    report(all.getFirst(), TaskStatus.Last.STOPPED);
    var _ = Scenes.task(Scenes.run(f, ",\"tags\":[{\"key\":\"environment\",\"value\":\"dev\"}]"));
  }
}
