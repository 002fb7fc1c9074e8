// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.ServiceRevision;
import dev.holdfast.ecs.model.ServiceTask;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskDefinition;
import dev.holdfast.ecs.plan.Course;
import dev.holdfast.ecs.plan.DeploymentPlan.Step;
import dev.holdfast.ecs.plan.DeploymentPlan.Why;
import dev.holdfast.ecs.plan.Placement;
import dev.holdfast.ecs.plan.SecretChange;
import dev.holdfast.ecs.plan.ServicePlan;
import dev.holdfast.ecs.plan.ServiceTransitions;
import dev.holdfast.ecs.plan.TaskTransitions;
import dev.holdfast.ecs.state.Capacity;
import dev.holdfast.ecs.state.Deploying;
import dev.holdfast.ecs.state.Launcher;
import dev.holdfast.ecs.state.Services;
import dev.holdfast.ecs.state.Starter;
import dev.holdfast.ecs.state.Tasks;
import dev.holdfast.store.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Does in one transaction what was decided for a service. */
final class ServiceSteps {
  private final Tx tx;
  private final Tasks tasks;
  private final Launcher launcher;
  private final Starter starter;
  private final Instant now;
  private final boolean patient;
  private boolean wrote;

  /** Why no host took a task. */
  private @Nullable String unplaced;

  /**
   * Steps of one transaction.
   *
   * @param patient whether agents may still be on their way, so that nobody is told of them
   */
  ServiceSteps(
      Tx tx, Tasks tasks, Launcher launcher, Starter starter, Instant now, boolean patient) {
    this.tx = tx;
    this.tasks = tasks;
    this.launcher = launcher;
    this.starter = starter;
    this.now = now;
    this.patient = patient;
  }

  /** Whether a task was started or stopped. */
  boolean wrote() {
    return wrote;
  }

  Course apply(ServicePlan.Look look, ServicePlan.Next next, Launcher.Drawn drawn) {
    Course course = stop(look, next);
    var started = new ArrayList<String>();
    int left = ServiceScheduler.BATCH;
    for (Step step : next.decision().steps()) {
      if (step instanceof Step.Start start && left > 0) {
        int count = Math.min(start.count(), left);
        course =
            start(course, look, start, drawn.from(ServiceScheduler.BATCH - left), count, started);
        left -= count;
      }
    }
    if (!started.isEmpty()) {
      course = course.told("has started " + started.size() + " tasks: " + named(started) + ".");
    }
    return unplaced == null ? course : ServiceTransitions.trouble(course, unplaced);
  }

  private Course stop(ServicePlan.Look look, ServicePlan.Next next) {
    Course course = next.course();
    Service.Rollout primary = course.service().primary();
    String by = primary == null ? "" : primary.deployment();
    var stopped = new ArrayList<String>();
    for (Step step : next.decision().steps()) {
      if (step instanceof Step.Stop(var id, var why)) {
        Task task =
            look.tasks().stream()
                .map(ServicePlan.Kept::task)
                .filter(t -> t != null && t.key().id().equals(id))
                .findFirst()
                .orElseThrow();
        String reason =
            why == Why.HEALTH
                ? ServiceTransitions.UNHEALTHY
                : "Scaling activity initiated by (deployment " + by + ")";
        tasks.put(tx, task, TaskTransitions.scheduled(task, reason, now), now);
        wrote = true;
        stopped.add(id);
        if (why == Why.HEALTH) {
          course = course.told("(task " + id + ") failed container health checks.");
        }
      }
    }
    return stopped.isEmpty()
        ? course
        : course.told("has stopped " + stopped.size() + " running tasks: " + named(stopped) + ".");
  }

  private static String named(List<String> ids) {
    return String.join(" ", ids.stream().map(id -> "(task " + id + ")").toList());
  }

  private Course start(
      Course course,
      ServicePlan.Look look,
      Step.Start start,
      Launcher.Drawn drawn,
      int count,
      List<String> started) {
    Service service = course.service();
    Launcher.Placed placed;
    String revision = Objects.requireNonNull(service.primary()).id();
    try {
      placed = launch(service, revision, start, drawn, count);
    } catch (ApiError e) {
      return ServiceTransitions.refused(course, e.text(), now);
    }
    for (Task task : placed.tasks()) {
      var key = new ServiceTask.Key(service.key(), task.key().id());
      tx.put(
          EcsTables.SERVICE_TASKS,
          key.service().account(),
          key,
          new ServiceTask(key, revision, null, null));
      started.add(task.key().id());
      wrote = true;
    }
    if (placed.tasks().size() == count) {
      return blocked(course, false);
    }
    boolean room =
        look.tasks().stream().map(ServicePlan.Kept::task).anyMatch(t -> t != null && ending(t));
    if (!room && unplaced == null && !(patient && awaited(placed))) {
      unplaced = ServiceTransitions.unplaced(placed.unfit());
    }
    return blocked(course, true);
  }

  /** One that is to stop gives its place back soon. */
  private static boolean ending(Task task) {
    return task.live() && !task.wanted();
  }

  /** Whether agents that do not listen are all that keeps tasks from being placed. */
  private static boolean awaited(Launcher.Placed placed) {
    return !placed.unfit().isEmpty()
        && placed.unfit().stream().allMatch(u -> u.reason().equals("AGENT"));
  }

  private static Course blocked(Course course, boolean blocked) {
    Service service = course.service();
    return service.progress().blocked() == blocked
        ? course
        : new Course(
            service.with(service.progress().blocked(blocked)),
            course.deployment(),
            course.events());
  }

  private Launcher.Placed launch(
      Service service, String id, Step.Start start, Launcher.Drawn drawn, int count) {
    ServiceRevision revision = Services.revision(tx, service.key(), id);
    if (revision == null) {
      throw EcsError.CLIENT.because("The service revision was not found.");
    }
    TaskDefinition definition = Deploying.definition(tx, revision);
    Launcher.Order order =
        settled(
            revision,
            launcher.prepare(tx, starter, Deploying.wanted(tx, service, revision, definition)));
    String only = start.instance();
    var tasks = new ArrayList<Task>();
    var unfit = new ArrayList<Placement.Unfit>();
    boolean none = false;
    int before = 0;
    for (Capacity.Share share :
        Deploying.shares(tx, service, revision, definition, providers(service), count)) {
      Launcher.Placed placed =
          launcher.place(
              tx,
              starter,
              order.on(share.launchType(), share.ground()),
              drawn.from(before),
              share.tasks(),
              only);
      before += share.tasks();
      tasks.addAll(placed.tasks());
      unfit.addAll(placed.unfit());
      none |= placed.noInstances();
    }
    return new Launcher.Placed(tasks, unfit, none);
  }

  /** The versions of secrets that a revision has settled are what its tasks get, all of them. */
  private static Launcher.Order settled(ServiceRevision revision, Launcher.Order order) {
    return revision.secrets().isEmpty()
        ? order
        : new Launcher.Order(
            order.wanted(), SecretChange.settled(order.secrets(), revision.secrets()));
  }

  /** How many tasks of each capacity provider the service has. */
  private Map<String, Integer> providers(Service service) {
    var providers = new HashMap<String, Integer>();
    for (ServiceTask row : Services.of(tx, EcsTables.SERVICE_TASKS, service.key())) {
      Task task = tx.get(EcsTables.TASKS, service.key().account(), row.key().taskKey());
      Task.Ground ground = task == null || !task.wanted() ? null : task.launch().ground();
      String provider = ground == null ? null : ground.capacityProvider();
      if (provider != null) {
        providers.merge(provider, 1, Integer::sum);
      }
    }
    return providers;
  }
}
