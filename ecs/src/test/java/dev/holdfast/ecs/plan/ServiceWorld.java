// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.ContainerState;
import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.Service.Rollout;
import dev.holdfast.ecs.model.ServiceDeployment;
import dev.holdfast.ecs.model.ServiceTask;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskDefinition;
import dev.holdfast.ecs.model.TaskStatus;
import dev.holdfast.ecs.plan.DeploymentPlan.Step;
import dev.holdfast.ecs.plan.DeploymentPlan.Why;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Region;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A service among hosts of which time and chance are a test's: what is decided happens, and tasks
 * of a bad revision never get up.
 */
final class ServiceWorld {
  static final AccountId ACCOUNT = new AccountId("123456789012");
  static final Region REGION = new Region("eu-test-1");
  static final Service.Key KEY = new Service.Key(ACCOUNT, REGION, "shop", "web");

  final SplittableRandom random;
  final Map<String, Host> hosts = new LinkedHashMap<>();
  final Map<String, Task> tasks = new LinkedHashMap<>();
  final Map<String, ServiceTask> rows = new LinkedHashMap<>();
  final Set<String> bad = new HashSet<>();
  final Set<String> draining = new HashSet<>();
  final List<String> events = new ArrayList<>();
  Instant now = Instant.parse("2026-11-26T08:00:00Z");
  Service service;
  ServiceDeployment deployment;
  private int ids;

  ServiceWorld(long seed, int desired, Service.Settings settings, int hostCount, int memory) {
    random = new SplittableRandom(seed);
    for (int i = 0; i < hostCount; i++) {
      String arn = instance("h" + i).arn().toString();
      hosts.put(arn, new Host("h" + i, "X86_64", 65536, memory, List.of(), List.of(), List.of()));
    }
    service =
        new Service(
            KEY,
            Service.Status.ACTIVE,
            desired,
            settings,
            List.of(),
            Service.Progress.begun("d0"),
            now,
            "somebody");
    deployment = begun("d0", "r0");
    service = service.led(Rollout.begun("r0", now), now);
  }

  static Service.Settings settings(
      boolean daemon, int min, int max, boolean breaker, boolean rollback) {
    return new Service.Settings(
        daemon, min, max, breaker, rollback, null, false, null, JsonObject.EMPTY);
  }

  private static ContainerInstance.Key instance(String id) {
    return new ContainerInstance.Key(ACCOUNT, REGION, "shop", id);
  }

  private ServiceDeployment begun(String id, String revision) {
    int threshold =
        service.settings().breaker() ? ServiceTransitions.threshold(service.desiredCount()) : 0;
    return ServiceDeployment.begun(
        new ServiceDeployment.Key(KEY, id), revision, List.of(), threshold, now);
  }

  void deploy(String revision, boolean isBad) {
    if (isBad) {
      bad.add(revision);
    }
    deployment = begun("d-" + revision, revision);
    service =
        service
            .led(Rollout.begun(revision, now), now)
            .with(service.progress().deploying("d-" + revision));
  }

  String primary() {
    return rollout().id();
  }

  Rollout rollout() {
    return Objects.requireNonNull(service.primary());
  }

  List<Task> live() {
    return tasks.values().stream().filter(Task::live).toList();
  }

  /** Healthy tasks; of a daemon the instances that have one. */
  long healthy() {
    return live().stream()
        .filter(Task::wanted)
        .filter(t -> Member.condition(t, 0, now) == Member.Condition.HEALTHY)
        .map(t -> service.settings().daemon() ? t.place().instance() : t.key().id())
        .distinct()
        .count();
  }

  private List<DaemonPlan.Site> sites() {
    return hosts.keySet().stream()
        .filter(arn -> !draining.contains(arn))
        .map(arn -> new DaemonPlan.Site(arn, true))
        .toList();
  }

  ServicePlan.Look look() {
    var kept = new ArrayList<ServicePlan.Kept>();
    for (ServiceTask row : rows.values()) {
      Task task = tasks.get(row.key().task());
      boolean drains =
          task != null && draining.contains(instance(task.place().instance()).arn().toString());
      kept.add(new ServicePlan.Kept(row, task, drains ? Member.Place.DRAINS : Member.Place.STAYS));
    }
    return new ServicePlan.Look(
        service, deployment, kept, service.settings().daemon() ? sites() : List.of(), now);
  }

  /** Decides, and lets what was decided happen; what the test watches is between the two. */
  ServicePlan.Next tend() {
    ServicePlan.Look look = look();
    ServicePlan.Next next = ServicePlan.next(look);
    service = next.course().service();
    deployment = next.course().deployment();
    events.addAll(next.course().events());
    next.changed().forEach(row -> rows.put(row.key().task(), row));
    next.gone().forEach(key -> rows.remove(key.task()));
    for (Step step : next.decision().steps()) {
      switch (step) {
        case Step.Stop(String task, Why why) ->
            tasks.computeIfPresent(
                task,
                (_, t) ->
                    TaskTransitions.scheduled(
                        t, why == Why.HEALTH ? ServiceTransitions.UNHEALTHY : "scaling", now));
        case Step.Start start -> start(start);
      }
    }
    return next;
  }

  private void start(Step.Start start) {
    boolean all = true;
    for (int i = 0; i < start.count(); i++) {
      String id = "t" + ids++;
      var candidates = new ArrayList<Placement.Candidate>();
      hosts.forEach(
          (arn, host) -> {
            if (!draining.contains(arn)
                && (start.instance() == null || arn.equals(start.instance()))) {
              candidates.add(new Placement.Candidate(arn, host, true));
            }
          });
      var booking = new Host.Booking(id, new Host.Needs(1, 100, List.of(), List.of()));
      if (Placement.place(candidates, booking, null)
          instanceof Placement.Outcome.Placed(var arn, var host)) {
        hosts.put(arn, host);
        add(id, host.id());
      } else {
        all = false;
      }
    }
    service = service.with(service.progress().blocked(!all));
  }

  private void add(String id, String host) {
    String revision = primary();
    var key = new Task.Key(ACCOUNT, REGION, "shop", id);
    tasks.put(
        id,
        new Task(
            key,
            new Task.Launch(
                new TaskDefinition.Key(ACCOUNT, REGION, "web", 1),
                KEY.group(),
                Service.PREFIX + revision,
                "EC2",
                JsonObject.EMPTY,
                null,
                null),
            new Task.Placement(host, host),
            new Task.Environment(null, "none"),
            List.of(),
            new Task.Credentials(null, null, null, null, List.of()),
            TaskStatus.placed(now).told(),
            List.of(container()),
            List.of()));
    rows.put(id, new ServiceTask(new ServiceTask.Key(KEY, id), revision, null, null));
  }

  private static ContainerState container() {
    return new ContainerState(
        "app",
        "c",
        "i",
        "i",
        true,
        false,
        null,
        null,
        TaskStatus.Last.PENDING,
        null,
        null,
        null,
        List.of());
  }

  private static TaskReport report(TaskStatus.Last status, @Nullable Integer exit) {
    return new TaskReport(
        status,
        null,
        List.of(new TaskReport.ContainerReport("app", status, null, null, exit, null, List.of())),
        null,
        null,
        null);
  }

  /** Time passes, and each task gets on or falls, as chance has it. */
  void pass(int crashPerMille) {
    now = now.plus(Duration.ofSeconds(random.nextInt(1, 8)));
    for (Task task : live()) {
      String id = task.key().id();
      boolean runs = task.status().lastStatus() == TaskStatus.Last.RUNNING;
      boolean rotten = bad.contains(rows.get(id) == null ? "" : rows.get(id).revision());
      Task next = task;
      if (!task.wanted()) {
        next = random.nextBoolean() ? task : ended(task, 0);
      } else if (!runs) {
        next = TaskTransitions.reported(task, report(TaskStatus.Last.RUNNING, null), now);
      } else if (rotten || random.nextInt(1000) < crashPerMille) {
        next = ended(task, 1);
      }
      put(next);
      if (random.nextInt(40) == 0) {
        rows.computeIfPresent(id, (_, row) -> row.protectedUntil(now.plusSeconds(60)));
      }
    }
  }

  void kill(Task task) {
    put(ended(task, 137));
  }

  private Task ended(Task task, int exit) {
    return TaskTransitions.reported(task, report(TaskStatus.Last.STOPPED, exit), now);
  }

  private void put(Task task) {
    tasks.put(task.key().id(), task);
    if (!task.live()) {
      hosts.replaceAll((_, host) -> host.release(task.key().id()));
    }
  }
}
