// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs;

import dev.holdfast.aws.ecs.CreateServiceResponse;
import dev.holdfast.aws.ecs.DescribeServicesResponse;
import dev.holdfast.aws.ecs.Service;
import dev.holdfast.aws.ecs.ServiceEvent;
import dev.holdfast.aws.ecs.UpdateServiceResponse;
import dev.holdfast.ecs.control.ServiceScheduler;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskStatus;
import dev.holdfast.ecs.plan.TaskReport;
import dev.holdfast.ecs.plan.TaskTransitions;
import dev.holdfast.ecs.state.Launcher;
import dev.holdfast.ecs.state.Tasks;
import dev.holdfast.service.Principal;
import dev.holdfast.service.Profile;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The service {@code web} of the cluster {@code shop}, with a scheduler that a test turns. */
final class ServiceScene {
  static final String PROD = ",\"tags\":[{\"key\":\"environment\",\"value\":\"prod\"}]";

  final Fixture f;
  private ServiceScheduler scheduler;
  private final Tasks tasks;

  ServiceScene() {
    this(Profile.STANDARD);
  }

  ServiceScene(Profile profile) {
    f = new Fixture(profile);
    tasks = new Tasks(f.fakeRoles);
    scheduler = fresh();
    Scenes.shop(f);
    f.connect();
  }

  private ServiceScheduler fresh() {
    return new ServiceScheduler(
        f.deps, new Launcher(f.deps, f.ecs.connections()), tasks, f.ecs.connections());
  }

  /** Nothing but the rows is left of what the scheduler knew. */
  void restart() {
    scheduler = fresh();
  }

  Service create(String more) {
    return create(Fixture.user(), more);
  }

  Service create(Principal by, String more) {
    return Objects.requireNonNull(
        f.call(
                by,
                "CreateService",
                "{\"cluster\":\"shop\",\"serviceName\":\"web\",\"taskDefinition\":\"web\""
                    + more
                    + "}",
                CreateServiceResponse.class)
            .service());
  }

  Service update(String more) {
    return Objects.requireNonNull(
        f.call(
                "UpdateService",
                "{\"cluster\":\"shop\",\"service\":\"web\"" + more + "}",
                UpdateServiceResponse.class)
            .service());
  }

  Service describe() {
    return f.call(
            "DescribeServices",
            "{\"cluster\":\"shop\",\"services\":[\"web\"],\"include\":[\"TAGS\"]}",
            DescribeServicesResponse.class)
        .services()
        .getFirst();
  }

  List<String> events() {
    return describe().events().stream().map(ServiceEvent::message).toList();
  }

  void tend() {
    var _ =
        scheduler.tend(
            new dev.holdfast.ecs.model.Service.Key(Fixture.ACCOUNT, Fixture.REGION, "shop", "web"));
  }

  void pass(Duration time) {
    f.now = f.now.plus(time);
    tend();
  }

  List<Task> live() {
    return f.state.read(view -> view.all(EcsTables.TASKS)).stream().filter(Task::live).toList();
  }

  /** What the agent would say of a task. */
  void report(Task task, TaskStatus.Last status, @Nullable String health, @Nullable Integer exit) {
    f.state.own(
        tx -> {
          Task row = Objects.requireNonNull(tx.get(EcsTables.TASKS, Fixture.ACCOUNT, task.key()));
          Task next =
              TaskTransitions.reported(
                  row,
                  new TaskReport(
                      status,
                      null,
                      List.of(
                          new TaskReport.ContainerReport(
                              "app", status, null, null, exit, null, List.of())),
                      null,
                      null,
                      null),
                  f.now);
          next = health == null ? next : TaskTransitions.health(next, "app", health);
          tasks.put(tx, row, next, f.now);
          return next;
        });
  }

  /** Every task that is wanted becomes healthy, every other one stops. */
  void run() {
    for (int i = 0; i < 10; i++) {
      for (Task task : live()) {
        if (task.wanted()) {
          report(task, TaskStatus.Last.RUNNING, "HEALTHY", null);
        } else {
          report(task, TaskStatus.Last.STOPPED, null, 0);
        }
      }
      pass(Duration.ofSeconds(1));
    }
  }
}
