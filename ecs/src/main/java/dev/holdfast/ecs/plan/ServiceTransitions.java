// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.Service.Rollout;
import dev.holdfast.ecs.model.Service.RolloutState;
import dev.holdfast.ecs.model.Service.Standing;
import dev.holdfast.ecs.model.ServiceDeployment;
import dev.holdfast.ecs.model.ServiceTask;
import dev.holdfast.ecs.model.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How a service moves: what became of its tasks in, its next state out. Pure. */
public final class ServiceTransitions {
  /** Rounds of failed starts after which it is told that the service does not get up. */
  static final int TOLD = 3;

  private static final Duration FIRST = Duration.ofSeconds(2);
  private static final Duration LONGEST = Duration.ofMinutes(15);
  private static final int FEWEST = 3;
  private static final int MOST = 200;

  /** What a task is stopped with that fails its health checks. */
  public static final String UNHEALTHY = "Task failed container health checks";

  private static final Set<String> BY_ITSELF =
      Set.of("TaskFailedToStart", "EssentialContainerExited");

  private ServiceTransitions() {}

  /** How many tasks in a row may fail: half of what is wanted, at least 3 and at most 200. */
  public static int threshold(int desired) {
    return Math.clamp(Math.ceilDiv(desired, 2), FEWEST, MOST);
  }

  /** Whether a task that has ended speaks against its revision. */
  public static boolean failed(ServiceTask row, Task task) {
    String code = task.status().stopCode();
    boolean own =
        (code != null && BY_ITSELF.contains(code))
            || UNHEALTHY.equals(task.status().stoppedReason());
    return own && row.healthyAt() == null && !Member.wasHealthy(task);
  }

  /** After a task of a revision has failed. */
  public static Course failed(Course course, String revision, Instant created, Instant now) {
    Service service = course.service();
    Rollout rollout = service.rollout(revision);
    if (rollout == null) {
      return course;
    }
    Course next = course.with(service.with(rollout.failed(now)));
    return rollout.standing() == Standing.PRIMARY ? counted(next, created, now) : next;
  }

  /** After no task could be made at all, for a reason that time alone does not mend. */
  public static Course refused(Course course, String text, Instant now) {
    Rollout primary = Objects.requireNonNull(course.service().primary());
    Course next = course.with(course.service().with(primary.failed(now)));
    return trouble(counted(next, now, now), "failed to launch a task with (error " + text + ").");
  }

  private static Course counted(Course course, Instant created, Instant now) {
    Course next = course;
    Service.Progress progress = course.service().progress();
    Instant since = progress.failedAt();
    if (since == null || !created.isBefore(since)) {
      int times = progress.failures() + 1;
      Instant until = times == 1 ? null : now.plus(delay(times));
      next = next.with(next.service().with(progress.throttled(times, now, until)));
      if (times >= TOLD) {
        next = trouble(next, "is unable to consistently start tasks successfully.");
      }
    }
    ServiceDeployment deployment = next.deployment();
    return deployment.open()
        ? next.with(deployment.failures(deployment.failures() + 1, now))
        : next;
  }

  /** How long nothing is started after so many rounds that failed. */
  static Duration delay(int times) {
    Duration delay = FIRST.multipliedBy(1L << Math.clamp(times - 2, 0, 20));
    return delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
  }

  /** After a task of a revision was seen healthy for the first time. */
  public static Course healthy(Course course, String revision, Instant now) {
    Rollout primary = course.service().primary();
    if (primary == null || !primary.id().equals(revision)) {
      return course;
    }
    Service service = course.service();
    Course next = course.with(service.with(service.progress().throttled(0, null, null)));
    return course.deployment().failures() == 0 || !course.deployment().open()
        ? next
        : next.with(next.deployment().failures(0, now));
  }

  /** Ends a deployment of which too many tasks failed, and goes back where that is wished. */
  public static Course judged(Course course, Instant now) {
    ServiceDeployment deployment = course.deployment();
    Service service = course.service();
    Rollout primary = service.primary();
    if (primary == null
        || !service.settings().breaker()
        || deployment.status() != ServiceDeployment.Status.IN_PROGRESS
        || primary.state() != RolloutState.IN_PROGRESS
        || deployment.threshold() == 0
        || deployment.failures() < deployment.threshold()) {
      return course;
    }
    String why = "ECS deployment circuit breaker: tasks failed to start.";
    Course failed =
        course
            .with(service.with(primary.with(RolloutState.FAILED, why, now)))
            .told(
                "(deployment "
                    + primary.deployment()
                    + ") deployment failed: tasks failed to start.");
    String good = target(service);
    if (service.settings().rollback() && good != null) {
      return back(failed, good, "ECS deployment circuit breaker: ", now);
    }
    return failed.with(
        deployment.finished(
            ServiceDeployment.Status.STOPPED,
            "The deployment circuit breaker was triggered.",
            now));
  }

  /** The revision that a deployment can be rolled back to, or null where there is none. */
  public static @Nullable String target(Service service) {
    String good = service.progress().lastGood();
    Rollout primary = service.primary();
    return good == null || primary == null || good.equals(primary.id()) ? null : good;
  }

  /**
   * Goes back to a revision.
   *
   * @param by what AWS begins the reason with
   */
  public static Course back(Course course, String revision, String by, Instant now) {
    Service service = course.service();
    Rollout failing = Objects.requireNonNull(service.primary());
    if (failing.state() == RolloutState.IN_PROGRESS) {
      service = service.with(failing.with(RolloutState.FAILED, "ECS deployment was stopped.", now));
    }
    Rollout known = service.rollout(revision);
    Rollout good = known == null ? Rollout.begun(revision, now) : known;
    String why = by + "rolling back to deploymentId " + good.deployment() + ".";
    Service.Progress progress = service.progress();
    service =
        service
            .led(good.with(Standing.PRIMARY, now).with(RolloutState.IN_PROGRESS, why, now), now)
            .with(progress.deploying(progress.deployment()));
    ServiceDeployment deployment =
        course.deployment().rolledBack(new ServiceDeployment.Rollback(why, now, revision), now);
    return course
        .with(service)
        .with(deployment)
        .told("rolling back to deployment " + good.deployment() + ".");
  }

  /**
   * After all that is to be done now: forgets rollouts of which nothing is left, and tells what was
   * reached. What is to stop on a host that is lost is waited for by nobody.
   *
   * @param desired how many tasks are wanted
   * @param all the tasks that live
   */
  public static Course settled(Course course, int desired, List<Member> all, Instant now) {
    Service service = course.service();
    List<Member> members =
        all.stream().filter(m -> m.wanted() || m.place() != Member.Place.LOST).toList();
    if (service.status() == Service.Status.DRAINING) {
      return members.isEmpty() ? ended(course, now) : course;
    }
    Rollout primary = Objects.requireNonNull(service.primary());
    Set<String> alive = members.stream().map(Member::revision).collect(Collectors.toSet());
    List<Rollout> left =
        service.rollouts().stream()
            .filter(r -> r.standing() == Standing.PRIMARY || alive.contains(r.id()))
            .toList();
    Course next = left.equals(service.rollouts()) ? course : course.with(service.with(left));
    boolean reached =
        left.size() == 1
            && members.size() == desired
            && members.stream().allMatch(m -> m.wanted() && m.healthy() && m.stays());
    if (reached && primary.state() == RolloutState.IN_PROGRESS) {
      next = completed(next, primary, now);
    }
    boolean steady = next.service().progress().steady();
    if (reached && !steady && primary.state() != RolloutState.FAILED) {
      next = next.told("has reached a steady state.");
    }
    return reached == steady
        ? next
        : next.with(next.service().with(next.service().progress().steady(reached)));
  }

  private static Course completed(Course course, Rollout primary, Instant now) {
    ServiceDeployment deployment = course.deployment();
    boolean back = deployment.status() == ServiceDeployment.Status.ROLLBACK_IN_PROGRESS;
    Service service =
        course
            .service()
            .with(
                primary.with(
                    RolloutState.COMPLETED,
                    "ECS deployment " + primary.deployment() + " completed.",
                    now));
    Course next =
        course
            .with(service.with(service.progress().good(primary.id())))
            .told("(deployment " + primary.deployment() + ") deployment completed.");
    return deployment.open()
        ? next.with(
            deployment.finished(
                back
                    ? ServiceDeployment.Status.ROLLBACK_SUCCESSFUL
                    : ServiceDeployment.Status.SUCCESSFUL,
                deployment.reason(),
                now))
        : next;
  }

  private static Course ended(Course course, Instant now) {
    Service service = course.service();
    Course next =
        course.with(
            service
                .with(Service.Status.INACTIVE)
                .with(List.<Rollout>of())
                .with(service.progress().ended(now)));
    return course.deployment().open()
        ? next.with(
            course
                .deployment()
                .finished(ServiceDeployment.Status.STOPPED, "The service was deleted.", now))
        : next;
  }

  /** Tells what is wrong, once as long as it lasts. */
  public static Course trouble(Course course, String text) {
    Service.Progress progress = course.service().progress();
    if (text.equals(progress.trouble())) {
      return course;
    }
    return course.with(course.service().with(progress.troubled(text))).told(text);
  }

  /** What AWS says of tasks that no host took. */
  public static String unplaced(List<Placement.Unfit> unfit) {
    String none =
        "was unable to place a task because no container instance met all of its requirements.";
    if (unfit.isEmpty()) {
      return none + " Reason: No Container Instances were found in your cluster.";
    }
    Placement.Unfit closest = unfit.getFirst();
    String id = closest.instance().substring(closest.instance().lastIndexOf('/') + 1);
    String what =
        switch (closest.reason()) {
          case "RESOURCE:CPU" -> "has insufficient CPU units available";
          case "RESOURCE:MEMORY" -> "has insufficient memory available";
          case "RESOURCE:PORTS" -> "is already using a port required by your task";
          case "ATTRIBUTE" -> "is missing an attribute required by your task";
          default -> "encountered error \"" + closest.reason() + "\"";
        };
    return none + " The closest matching container-instance " + id + " " + what + ".";
  }
}
