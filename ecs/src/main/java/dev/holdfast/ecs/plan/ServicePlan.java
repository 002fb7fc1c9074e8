// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.Service.Rollout;
import dev.holdfast.ecs.model.Service.RolloutState;
import dev.holdfast.ecs.model.ServiceDeployment;
import dev.holdfast.ecs.model.ServiceTask;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskStatus;
import dev.holdfast.ecs.plan.DeploymentPlan.Bounds;
import dev.holdfast.ecs.plan.DeploymentPlan.Decision;
import dev.holdfast.ecs.plan.DeploymentPlan.Facts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks at a service as it stands, and says what becomes of it next. Pure. */
public final class ServicePlan {
  /** After so long a task that no host took is tried again, whatever has changed. */
  static final Duration AGAIN = Duration.ofSeconds(5);

  /**
   * A task that a service keeps.
   *
   * @param task null where it is gone
   */
  public record Kept(ServiceTask row, @Nullable Task task, Member.Place place) {}

  /**
   * All that is known of a service.
   *
   * @param sites the instances that a daemon is to run on
   */
  public record Look(
      Service service,
      ServiceDeployment deployment,
      List<Kept> tasks,
      List<DaemonPlan.Site> sites,
      Instant now) {}

  /**
   * What becomes of it.
   *
   * @param changed rows of its tasks that were seen healthy for the first time
   * @param gone rows whose tasks have ended
   * @param wake when to look again though nothing changes, or null
   */
  public record Next(
      Course course,
      List<ServiceTask> changed,
      List<ServiceTask.Key> gone,
      Decision decision,
      @Nullable Instant wake) {

    /** Whether all stays as it is. */
    public boolean nothing(Look look) {
      return changed.isEmpty()
          && gone.isEmpty()
          && decision.steps().isEmpty()
          && course.events().isEmpty()
          && course.service().equals(look.service())
          && course.deployment().equals(look.deployment());
    }
  }

  private final Look look;
  private final int grace;
  private Course course;
  private final List<ServiceTask> changed = new ArrayList<>();
  private final List<ServiceTask.Key> gone = new ArrayList<>();
  private final List<Member> members = new ArrayList<>();
  private @Nullable Instant wake;

  private ServicePlan(Look look) {
    this.look = look;
    Integer given = look.service().settings().grace();
    this.grace = given == null ? 0 : given;
    this.course = new Course(look.service(), look.deployment(), List.of());
  }

  public static Next next(Look look) {
    return new ServicePlan(look).next();
  }

  private Next next() {
    if (look.service().status() == Service.Status.INACTIVE) {
      return new Next(course, List.of(), List.of(), new Decision(List.of(), false), null);
    }
    look.tasks().forEach(this::count);
    boolean active = look.service().status() == Service.Status.ACTIVE;
    Bounds bounds = bounds(course.service(), look.sites());
    if (active) {
      watch(bounds.desired());
      course = ServiceTransitions.judged(course, look.now());
    }
    Decision decision = active ? decide(bounds) : DeploymentPlan.end(members);
    if (decision.steps().isEmpty()) {
      course = ServiceTransitions.settled(course, bounds.desired(), members, look.now());
    }
    if (decision.stuck()) {
      course =
          ServiceTransitions.trouble(
              course,
              "was unable to stop or start tasks during a deployment because of the service"
                  + " deployment configuration. Update the minimumHealthyPercent or maximumPercent"
                  + " value and try again.");
    }
    return new Next(course, List.copyOf(changed), List.copyOf(gone), decision, wake);
  }

  /** The bounds of a service; a daemon wants one task for each of its instances. */
  public static Bounds bounds(Service service, List<DaemonPlan.Site> sites) {
    Service.Settings settings = service.settings();
    return new Bounds(
        service.status() != Service.Status.ACTIVE
            ? 0
            : settings.daemon() ? sites.size() : service.desiredCount(),
        settings.minimumHealthyPercent(),
        settings.maximumPercent());
  }

  private void count(Kept kept) {
    Task task = kept.task();
    ServiceTask row = kept.row();
    if (task == null || !task.live()) {
      gone.add(row.key());
      if (task != null && ServiceTransitions.failed(row, task)) {
        course =
            ServiceTransitions.failed(
                course, row.revision(), task.status().times().createdAt(), look.now());
      }
      return;
    }
    Member.Condition condition = Member.condition(task, grace, look.now());
    if (condition == Member.Condition.HEALTHY && row.healthyAt() == null) {
      changed.add(row.healthy(look.now()));
      course = ServiceTransitions.healthy(course, row.revision(), look.now());
    }
    wakeAt(Member.turns(task, grace, look.now()));
    Instant guardedUntil = row.protectedUntil();
    boolean guarded = guardedUntil != null && guardedUntil.isAfter(look.now());
    if (guarded) {
      wakeAt(guardedUntil);
    }
    members.add(
        new Member(
            task.key().id(),
            row.revision(),
            instance(task),
            task.status().desiredStatus() == TaskStatus.Desired.RUNNING,
            condition,
            kept.place(),
            guarded,
            task.status().times().createdAt()));
  }

  private static String instance(Task task) {
    return new ContainerInstance.Key(
            task.key().account(),
            task.key().region(),
            task.key().cluster(),
            task.place().instance())
        .arn()
        .toString();
  }

  /** The breaker's threshold follows what is wanted, and a daemon's count its instances. */
  private void watch(int desired) {
    Service service = course.service();
    if (service.settings().daemon() && service.desiredCount() != desired) {
      course = course.with(service.with(desired, service.settings()));
    }
    ServiceDeployment deployment = course.deployment();
    int threshold =
        course.service().settings().breaker() ? ServiceTransitions.threshold(desired) : 0;
    if (deployment.open() && deployment.threshold() != threshold) {
      course = course.with(deployment.threshold(threshold));
    }
  }

  private Decision decide(Bounds bounds) {
    Service service = course.service();
    Rollout primary = service.primary();
    Instant retry = service.progress().retryAt();
    boolean may = retry == null || !retry.isAfter(look.now());
    boolean blocked = service.progress().blocked();
    if (!may) {
      wakeAt(retry);
    }
    if (blocked) {
      wakeAt(look.now().plus(AGAIN));
    }
    var facts =
        new Facts(
            bounds,
            primary == null ? null : primary.id(),
            primary != null && primary.state() != RolloutState.FAILED,
            may,
            blocked,
            List.copyOf(members));
    return service.settings().daemon()
        ? DaemonPlan.decide(facts, look.sites())
        : DeploymentPlan.replicas(facts);
  }

  private void wakeAt(@Nullable Instant at) {
    if (at != null && (wake == null || at.isBefore(wake))) {
      wake = at;
    }
  }
}
