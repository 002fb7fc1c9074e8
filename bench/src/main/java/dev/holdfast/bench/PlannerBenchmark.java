// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench;

import dev.holdfast.ecs.model.ContainerState;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.ServiceDeployment;
import dev.holdfast.ecs.model.ServiceTask;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskDefinition;
import dev.holdfast.ecs.model.TaskStatus;
import dev.holdfast.ecs.plan.Member;
import dev.holdfast.ecs.plan.ServicePlan;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Region;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * One look at 200 services: what becomes of each is decided, and nothing is done. Beside it a bare
 * walk over the same tasks that reads one field of each.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PlannerBenchmark {
  private static final int SERVICES = 200;
  private static final AccountId ACCOUNT = new AccountId("123456789012");
  private static final Region REGION = new Region("us-east-1");
  private static final Instant START = Instant.parse("2026-11-26T00:00:00Z");

  /** Tasks of a service: 50 make 10,000 in all. */
  @Param({"5", "50", "500"})
  public int tasks;

  /** Whether a deployment is on its way in each of them. */
  @Param({"false", "true"})
  public boolean deploying;

  private List<ServicePlan.Look> looks = List.of();

  /** Makes the services. */
  @Setup
  public void make() {
    var made = new ArrayList<ServicePlan.Look>();
    for (int i = 0; i < SERVICES; i++) {
      made.add(look(new Service.Key(ACCOUNT, REGION, "fleet", "app-" + i)));
    }
    looks = made;
  }

  private ServicePlan.Look look(Service.Key key) {
    var settings =
        new Service.Settings(false, 100, 200, true, true, null, false, null, JsonObject.EMPTY);
    var service =
        new Service(
            key,
            Service.Status.ACTIVE,
            tasks,
            settings,
            List.of(),
            Service.Progress.begun("d1").good("1").steady(true),
            START,
            "somebody");
    var rollout =
        Service.Rollout.begun("1", START).with(Service.RolloutState.COMPLETED, "completed", START);
    service = service.led(rollout, START);
    if (deploying) {
      service = service.led(Service.Rollout.begun("2", START), START);
    }
    var deployment =
        ServiceDeployment.begun(
            new ServiceDeployment.Key(key, "d1"), deploying ? "2" : "1", List.of(), 25, START);
    if (!deploying) {
      deployment = deployment.finished(ServiceDeployment.Status.SUCCESSFUL, null, START);
    }
    var kept = new ArrayList<ServicePlan.Kept>();
    for (int i = 0; i < tasks; i++) {
      kept.add(kept(key, "t" + i));
    }
    return new ServicePlan.Look(service, deployment, kept, List.of(), START.plusSeconds(3600));
  }

  private static ServicePlan.Kept kept(Service.Key service, String id) {
    var container =
        new ContainerState(
            "app",
            "c",
            "i",
            "i",
            true,
            false,
            null,
            null,
            TaskStatus.Last.RUNNING,
            null,
            null,
            null,
            List.of());
    TaskStatus placed = TaskStatus.placed(START).told();
    var task =
        new Task(
            new Task.Key(ACCOUNT, REGION, "fleet", id),
            new Task.Launch(
                new TaskDefinition.Key(ACCOUNT, REGION, "app", 1),
                service.group(),
                Service.PREFIX + "1",
                "EC2",
                JsonObject.EMPTY,
                null,
                null),
            new Task.Placement("host", "host"),
            new Task.Environment(null, "none"),
            List.of(),
            new Task.Credentials(null, null, null, null, List.of()),
            placed.with(TaskStatus.Last.RUNNING, placed.times().started(START)),
            List.of(container),
            List.of());
    return new ServicePlan.Kept(
        new ServiceTask(new ServiceTask.Key(service, id), "1", START, null),
        task,
        Member.Place.STAYS);
  }

  @Benchmark
  public void decide(Blackhole hole) {
    for (ServicePlan.Look look : looks) {
      hole.consume(ServicePlan.next(look));
    }
  }

  @Benchmark
  public int bareWalk() {
    int live = 0;
    for (ServicePlan.Look look : looks) {
      for (ServicePlan.Kept kept : look.tasks()) {
        Task task = kept.task();
        live += task != null && task.live() ? 1 : 0;
      }
    }
    return live;
  }
}
