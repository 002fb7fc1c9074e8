// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.ecs.EcsCheck;
import dev.holdfast.ecs.control.SimOperator.Wish;
import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.ServiceDeployment;
import dev.holdfast.ecs.model.ServiceTask;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskStatus;
import dev.holdfast.ecs.plan.TaskTransitions;
import dev.holdfast.ecs.state.Services;
import dev.holdfast.service.Finding;
import dev.holdfast.store.Change;
import dev.holdfast.store.Changes;
import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What must hold at every moment of a simulation, judged by what the machines do and the operator
 * asked, not by what the platform says of itself.
 */
final class SimLedger {
  private static final Duration PROVEN = Duration.ofSeconds(40);

  /** A host that is silent for so long may be taken for lost. */
  private static final Duration MAYBE_LOST = Duration.ofSeconds(90);

  private final SimWorld world;
  private @Nullable SimOperator operator;
  private @Nullable Changes changes;

  /** Where each task was started. */
  private final Map<String, Integer> started = new HashMap<>();

  private final Map<String, Task> tasks = new HashMap<>();

  /** The living tasks of each service. */
  private final Map<String, Set<String>> members = new HashMap<>();

  /** Revisions of which a deployment was completed. */
  private final Set<String> completed = new HashSet<>();

  private final Map<String, ServiceDeployment> deployments = new HashMap<>();

  /** What was seen, for the figures. */
  final Map<String, Integer> counts = new TreeMap<>();

  SimLedger(SimWorld world) {
    this.world = world;
  }

  void watch(SimOperator who) {
    operator = who;
    changes =
        world
            .platform()
            .state
            .watch(
                List.of(EcsTables.TASKS, EcsTables.HOSTS, EcsTables.SERVICE_DEPLOYMENTS),
                world.platform().state.read(View::revision));
  }

  void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }

  private AssertionError broken(String what) {
    return new AssertionError(world.now() + ": " + what);
  }

  private void holds(boolean fact, String what) {
    if (!fact) {
      throw broken(what);
    }
  }

  /** A machine has begun to start a task. */
  void started(SimHost host, SimHost.Box box) {
    count("tasks started");
    Integer before = started.put(box.arn, host.number);
    holds(
        before == null,
        "task " + box.arn + " is started on host " + host.number + ", and was on " + before);
    int cpu = 0;
    int memory = 0;
    var ports = new HashSet<Integer>();
    for (SimHost.Box other : host.boxes.values()) {
      if (other.lives()) {
        cpu += other.kind.cpu();
        memory += other.kind.memory();
        int port = other.kind.port();
        holds(port == 0 || ports.add(port), "two tasks want port " + port + " of " + host.number);
      }
    }
    holds(
        cpu <= host.cpu && memory <= host.memory,
        "host %d of %d/%d has tasks of %d/%d"
            .formatted(host.number, host.cpu, host.memory, cpu, memory));
  }

  /** Looks at what has changed since the last look, after the platform has come to rest. */
  void look() {
    var stopped = new LinkedHashSet<String>();
    var begun = new LinkedHashSet<String>();
    List<Change> seen = Objects.requireNonNull(changes).next(Duration.ZERO);
    if (seen.isEmpty()) {
      return;
    }
    world
        .platform()
        .state
        .read(
            view -> {
              for (Change change : new LinkedHashSet<>(seen)) {
                if (change.table().equals(EcsTables.TASKS.name())) {
                  task(
                      view.row(EcsTables.TASKS, change.account(), change.key()),
                      change,
                      stopped,
                      begun);
                } else if (change.table().equals(EcsTables.HOSTS.name())) {
                  host(view.row(EcsTables.HOSTS, change.account(), change.key()));
                } else {
                  deployment(
                      view,
                      view.row(EcsTables.SERVICE_DEPLOYMENTS, change.account(), change.key()));
                }
              }
              return seen;
            });
    stopped.forEach(this::minimum);
    begun.forEach(this::maximum);
  }

  private void task(@Nullable Task row, Change change, Set<String> stopped, Set<String> begun) {
    String id = change.key().getLast();
    Task before = row == null ? tasks.remove(id) : tasks.put(id, row);
    if (row == null) {
      holds(before == null || !before.live(), "the living task " + id + " is forgotten");
      return;
    }
    String service = service(row);
    if (row.live()) {
      members.computeIfAbsent(service, _ -> new HashSet<>()).add(id);
    } else if (before == null || before.live()) {
      members.getOrDefault(service, new HashSet<>()).remove(id);
      count("tasks stopped: " + row.status().stopCode());
    }
    if (before == null) {
      begun.add(service);
    }
    SimHost host = world.hosts.get(row.place().instance());
    if (host != null) {
      host.wake();
    }
    boolean ours = TaskTransitions.SCHEDULER.equals(row.status().stopCode());
    boolean stops = before != null && before.wanted() && !row.wanted() && healthy(before);
    if (ours && stops && host != null && host.listens()) {
      stopped.add(service);
    }
  }

  static String service(Task task) {
    String group = task.launch().group();
    return group.substring(group.indexOf(':') + 1);
  }

  private void host(@Nullable Host row) {
    SimHost host = row == null ? null : world.hosts.get(row.id());
    if (row == null || host == null) {
      return;
    }
    holds(
        row.usedCpu() <= host.cpu && row.usedMemory() <= host.memory,
        "host %d of %d/%d is booked with %d/%d"
            .formatted(host.number, host.cpu, host.memory, row.usedCpu(), row.usedMemory()));
    holds(
        new HashSet<>(row.tcp()).size() == row.tcp().size(),
        "a port of host " + host.number + " is booked twice: " + row.tcp());
  }

  /** Whether a task does its work, by the documented rule. */
  private boolean healthy(Task task) {
    Instant at = task.status().times().startedAt();
    if (!task.wanted() || task.status().lastStatus() != TaskStatus.Last.RUNNING || at == null) {
      return false;
    }
    return task.containers().getFirst().checked()
        ? "HEALTHY".equals(task.containers().getFirst().healthStatus())
        : !at.plus(PROVEN).isAfter(world.now());
  }

  private boolean silent(Task task, Duration time) {
    SimHost host = world.hosts.get(task.place().instance());
    return host == null
        || host.removed != null
        || (host.cut != null && !host.cut.plus(time).isAfter(world.now()));
  }

  private boolean heard(Task task) {
    SimHost host = world.hosts.get(task.place().instance());
    return host != null && host.listens();
  }

  private List<Task> of(String service) {
    return members.getOrDefault(service, Set.of()).stream().map(tasks::get).toList();
  }

  private @Nullable Wish wish(String service) {
    Wish wish = Objects.requireNonNull(operator).wish(service);
    return wish == null || wish.deleted || wish.daemon ? null : wish;
  }

  /** The living tasks of a service, a line each. */
  private String told(String service) {
    var lines = new StringBuilder();
    for (Task task : of(service)) {
      SimHost host = world.hosts.get(task.place().instance());
      lines
          .append("\n  ")
          .append(task.key().id())
          .append(' ')
          .append(task.launch().startedBy())
          .append(' ')
          .append(task.launch().definition().revision())
          .append(' ')
          .append(task.status())
          .append(" healthy ")
          .append(healthy(task))
          .append(", host cut ")
          .append(host == null ? null : host.cut);
    }
    return lines.toString();
  }

  private void minimum(String service) {
    Wish wish = wish(service);
    if (wish != null) {
      long left = of(service).stream().filter(t -> healthy(t) && heard(t)).count();
      int least = Math.ceilDiv(wish.desired * wish.lowest, 100);
      holds(
          left >= least,
          "%s has %d healthy tasks after our own stops, and is to have %d of %d: %s"
              .formatted(service, left, least, wish.desired, told(service)));
    }
  }

  private void maximum(String service) {
    Wish wish = wish(service);
    if (wish != null) {
      long counted = of(service).stream().filter(t -> t.wanted() && !silent(t, MAYBE_LOST)).count();
      int most = Math.floorDiv(wish.desired * wish.highest, 100);
      holds(
          counted <= most,
          "%s has %d tasks after our own starts, and is to have at most %d of %d: %s"
              .formatted(service, counted, most, wish.desired, told(service)));
    }
  }

  private void deployment(View view, @Nullable ServiceDeployment row) {
    if (row == null) {
      return;
    }
    String service = row.key().service().name();
    ServiceDeployment before = deployments.put(row.key().id(), row);
    if (!row.open()) {
      deployments.remove(row.key().id());
    }
    if (before == null || before.status() != row.status()) {
      count("deployments " + row.status());
      if (row.status() == ServiceDeployment.Status.SUCCESSFUL) {
        completed.add(row.target());
      }
      ServiceDeployment.Rollback back = row.rollback();
      if (row.status() == ServiceDeployment.Status.ROLLBACK_SUCCESSFUL && back != null) {
        holds(completed.contains(back.revision()), service + " rolled back to what never ran");
        Service now = Services.find(view, row.key().service());
        Service.Rollout primary = now == null ? null : now.primary();
        holds(
            now == null
                || primary == null
                || !now.progress().deployment().equals(row.key().id())
                || primary.id().equals(back.revision()),
            service + " rolled back to another revision than it said");
      }
    }
  }

  private boolean exists(String service) {
    Wish wish = Objects.requireNonNull(operator).wish(service);
    return wish != null && !wish.deleted;
  }

  /** The deployments that are open longer than that; a service that ends waits for lost hosts. */
  List<String> openFor(Duration time) {
    return deployments.values().stream()
        .filter(d -> d.times().createdAt().plus(time).isBefore(world.now()))
        .filter(d -> exists(d.key().service().name()))
        .map(d -> d.key().service().name() + " " + d.status() + " since " + d.times().createdAt())
        .toList();
  }

  /** What costs too much to be looked at all the time. */
  void audit() {
    world
        .platform()
        .state
        .read(
            view -> {
              var findings = new ArrayList<Finding>();
              new EcsCheck().run(view, findings::add);
              holds(findings.isEmpty(), "fsck finds " + findings);
              services(view);
              bounded(view);
              return view;
            });
    Map<String, List<Task>> placed =
        tasks.values().stream()
            .filter(Task::live)
            .collect(Collectors.groupingBy(t -> t.place().instance()));
    world.hosts.values().forEach(h -> machine(h, placed.getOrDefault(h.key.id(), List.of())));
  }

  /** Each living task of a service is known to it, and nothing else is. */
  private void services(View view) {
    var rows = new HashSet<String>();
    for (ServiceTask row : view.all(EcsTables.SERVICE_TASKS)) {
      rows.add(row.key().task());
    }
    tasks.forEach(
        (id, task) ->
            holds(!task.live() || rows.contains(id), service(task) + " has forgotten task " + id));
    rows.forEach(
        id -> holds(tasks.containsKey(id), "a service keeps the task " + id + " that is gone"));
  }

  /** What runs on a machine and what the platform knows of it agree, once both had time. */
  private void machine(SimHost host, List<Task> placed) {
    Instant removed = host.removed;
    holds(
        removed == null
            || placed.isEmpty()
            || removed.plus(Duration.ofMinutes(65)).isAfter(world.now()),
        "tasks live on host " + host.number + ", which was removed at " + removed);
    Instant settled = world.now().minus(Duration.ofMinutes(6));
    if (host.connected == null || host.connected.isAfter(settled)) {
      return;
    }
    for (SimHost.Box box : host.boxes.values()) {
      Task task = tasks.get(box.arn.substring(box.arn.lastIndexOf('/') + 1));
      boolean known = task != null && task.live() && task.place().instance().equals(host.key.id());
      holds(
          known || !box.lives() || box.changed.isAfter(settled),
          "host %d runs the task %s that nobody knows".formatted(host.number, box.arn));
    }
    for (Task task : placed) {
      boolean recent = task.status().times().createdAt().isAfter(settled);
      Instant stopping = task.status().times().stoppingAt();
      holds(
          recent || host.boxes.containsKey(task.key().arn().toString()),
          "the task %s is not on its host %d".formatted(task.key().id(), host.number));
      holds(
          stopping == null || stopping.isAfter(settled),
          "the task %s does not stop on host %d".formatted(task.key().id(), host.number));
    }
  }

  private void bounded(View view) {
    Instant old = world.now().minus(Duration.ofMinutes(62));
    for (Task task : view.all(EcsTables.TASKS)) {
      Instant end = task.status().times().stoppedAt();
      holds(
          task.live() || (end != null && end.isAfter(old)),
          "the stopped task " + task.key().id() + " is kept since " + end);
      holds(task.credentials().sessions().size() <= 16, "sessions of " + task.key().id());
    }
    var events = new HashMap<String, Integer>();
    view.each(
        EcsTables.SERVICE_EVENTS, e -> events.merge(e.key().service().name(), 1, Integer::sum));
    events.forEach((name, n) -> holds(n <= 100, name + " has " + n + " events"));
    var kept = new HashMap<String, Integer>();
    view.each(
        EcsTables.SERVICE_DEPLOYMENTS, d -> kept.merge(d.key().service().name(), 1, Integer::sum));
    kept.forEach((name, n) -> holds(n <= 101, name + " has " + n + " deployments"));
    var revisions = new HashMap<String, Integer>();
    view.each(
        EcsTables.SERVICE_REVISIONS,
        r -> revisions.merge(r.key().service().name(), 1, Integer::sum));
    revisions.forEach((name, n) -> holds(n <= 210, name + " has " + n + " revisions"));
    holds(view.all(EcsTables.PENDING_EVENTS).size() < 20_000, "events wait for their number");
    holds(view.all(EcsTables.STOPPED_TASKS).size() < 30_000, "too many tasks are remembered");
    for (Host host : view.list(EcsTables.HOSTS, Table.PLATFORM)) {
      holds(host.bookings().size() <= 200, "host " + host.id() + " has too many bookings");
    }
  }

  /** The living tasks that are placed on an instance. */
  List<Task> on(ContainerInstance.Key instance) {
    return tasks.values().stream()
        .filter(t -> t.live() && t.place().instance().equals(instance.id()))
        .toList();
  }
}
