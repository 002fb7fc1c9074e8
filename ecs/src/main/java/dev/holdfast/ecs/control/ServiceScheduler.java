// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.ServiceDeployment;
import dev.holdfast.ecs.model.ServiceRevision;
import dev.holdfast.ecs.model.ServiceTask;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.plan.Course;
import dev.holdfast.ecs.plan.DaemonPlan;
import dev.holdfast.ecs.plan.DeploymentPlan.Step;
import dev.holdfast.ecs.plan.Member;
import dev.holdfast.ecs.plan.Placement;
import dev.holdfast.ecs.plan.PlacementRule;
import dev.holdfast.ecs.plan.ServicePlan;
import dev.holdfast.ecs.port.EcsDependencies;
import dev.holdfast.ecs.state.Connections;
import dev.holdfast.ecs.state.Deploying;
import dev.holdfast.ecs.state.LaunchRules;
import dev.holdfast.ecs.state.Launcher;
import dev.holdfast.ecs.state.ServiceStarter;
import dev.holdfast.ecs.state.Services;
import dev.holdfast.ecs.state.Tasks;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import dev.holdfast.store.space.Urgency;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings a service to what is wanted of it, from whatever it is now: all that it knows is in the
 * rows, so that it goes on after a crash as if nothing had been. Used by one thread.
 */
public final class ServiceScheduler {
  /** How many tasks one commit starts at most. */
  static final int BATCH = 10;

  /** After so many commits another service has its turn. */
  private static final int ROUNDS = 20;

  private static final Duration ARRIVAL = Duration.ofSeconds(30);

  private final EcsDependencies deps;
  private final Launcher launcher;
  private final Tasks tasks;
  private final Silence silence;
  private final SecretRolls rolls;

  /** When this process looked for the first time, in nanoseconds of the monotonic clock. */
  private @Nullable Long first;

  public ServiceScheduler(
      EcsDependencies deps, Launcher launcher, Tasks tasks, Connections connections) {
    this.deps = deps;
    this.launcher = launcher;
    this.tasks = tasks;
    this.silence = new Silence(connections, deps.clocks());
    this.rolls = new SecretRolls(deps, launcher);
  }

  /**
   * Does what there is to do for a service.
   *
   * @return when to look again though nothing changes, or null
   */
  public @Nullable Instant tend(Service.Key key) {
    Instant wake = null;
    for (int round = 0; round < ROUNDS; round++) {
      Instant now = deps.clock().instant();
      first = first == null ? Long.valueOf(deps.nanos().getAsLong()) : first;
      silence.look();
      var drawn = Launcher.Drawn.of(deps.random(), 0);
      Seen seen = deps.state().read(view -> seen(view, key, drawn, now));
      if (seen == null) {
        return null;
      }
      wake = seen.next().wake();
      if (seen.next().nothing(seen.look())) {
        return rolled(key, wake, now);
      }
      var ids = Launcher.Drawn.of(deps.random(), BATCH);
      boolean more = deps.state().own(urgency(seen.next()), tx -> step(tx, key, ids, now));
      if (!more) {
        return wake;
      }
    }
    return deps.clock().instant();
  }

  private @Nullable Instant rolled(Service.Key key, @Nullable Instant wake, Instant now) {
    Instant again = rolls.look(key, now);
    return again == null || (wake != null && wake.isBefore(again)) ? wake : again;
  }

  /** What stops and frees goes on while the disk is full. */
  private static Urgency urgency(ServicePlan.Next next) {
    return next.decision().steps().stream().anyMatch(s -> s instanceof Step.Start)
        ? Urgency.ORDINARY
        : Urgency.VITAL;
  }

  private record Seen(ServicePlan.Look look, ServicePlan.Next next) {}

  private @Nullable Seen seen(View view, Service.Key key, Launcher.Drawn drawn, Instant now) {
    Service service = Services.find(view, key);
    if (service == null || service.status() == Service.Status.INACTIVE) {
      return null;
    }
    ServiceDeployment deployment = Objects.requireNonNull(Services.deployment(view, service));
    var kept = new ArrayList<ServicePlan.Kept>();
    for (ServiceTask row : Services.of(view, EcsTables.SERVICE_TASKS, key)) {
      Task task = view.get(EcsTables.TASKS, key.account(), row.key().taskKey());
      kept.add(new ServicePlan.Kept(row, task, place(view, task)));
    }
    var look =
        new ServicePlan.Look(
            service,
            deployment,
            List.copyOf(kept),
            service.settings().daemon() ? sites(view, service, drawn, now) : List.of(),
            now);
    return new Seen(look, ServicePlan.next(look));
  }

  private Member.Place place(View view, @Nullable Task task) {
    if (task == null || !task.live()) {
      return Member.Place.STAYS;
    }
    var key =
        new ContainerInstance.Key(
            task.key().account(),
            task.key().region(),
            task.key().cluster(),
            task.place().instance());
    ContainerInstance row = view.get(EcsTables.INSTANCES, key.account(), key);
    if (row == null || row.status() == ContainerInstance.Status.INACTIVE || silence.lost(row)) {
      return Member.Place.LOST;
    }
    if (silence.quiet(row)) {
      return Member.Place.QUIET;
    }
    return row.status() == ContainerInstance.Status.DRAINING
        ? Member.Place.DRAINS
        : Member.Place.STAYS;
  }

  /** Agents come back within moments of the platform's start. */
  private boolean patient() {
    return first != null && deps.nanos().getAsLong() - first < ARRIVAL.toNanos();
  }

  /** The instances that a daemon is to run on. */
  private List<DaemonPlan.Site> sites(
      View view, Service service, Launcher.Drawn drawn, Instant now) {
    Service.Rollout primary = service.primary();
    ServiceRevision revision =
        primary == null ? null : Services.revision(view, service.key(), primary.id());
    if (revision == null) {
      return List.of();
    }
    Placement.Wish wish = wish(view, service, revision);
    return launcher.candidates(starter(service, now), service.key().clusterKey(), drawn).stream()
        .filter(c -> suits(c, wish))
        .map(c -> new DaemonPlan.Site(c.instance(), c.connected()))
        .toList();
  }

  /** Whether an instance is one for the daemon; whether its agent listens now is another matter. */
  private static boolean suits(Placement.Candidate candidate, Placement.Wish wish) {
    var there =
        new Placement.Candidate(candidate.instance(), candidate.host(), true, candidate.facts());
    // What the owner allows is told by an agent that listens.
    Set<String> grants = candidate.connected() ? wish.grants() : Set.of();
    return Placement.unsuitable(
            there,
            new Placement.Wish(
                wish.booking(),
                wish.architecture(),
                grants,
                wish.constraints(),
                wish.strategies(),
                wish.group()))
        .isEmpty();
  }

  /** What a daemon wants of an instance; each has one task of it anyway. */
  private static Placement.Wish wish(View view, Service service, ServiceRevision revision) {
    var wanted =
        Placement.Wish.of(
                new Host.Booking("", new Host.Needs(0, 0, List.of(), List.of())),
                Deploying.definition(view, revision).spec(),
                service.key().group())
            .with(LaunchRules.of(revision.how()).rules().constraints(), List.of());
    return new Placement.Wish(
        wanted.booking(),
        wanted.architecture(),
        wanted.grants(),
        wanted.constraints().stream()
            .filter(c -> !(c instanceof PlacementRule.Constraint.DistinctInstance))
            .toList(),
        wanted.strategies(),
        wanted.group());
  }

  private ServiceStarter starter(Service service, Instant now) {
    return new ServiceStarter(service.key(), now, deps.guardrails());
  }

  /** One commit; true where something was written. */
  private boolean step(Tx tx, Service.Key key, Launcher.Drawn drawn, Instant now) {
    Seen seen = seen(tx, key, drawn, now);
    if (seen == null || seen.next().nothing(seen.look())) {
      return false;
    }
    ServicePlan.Next next = seen.next();
    next.changed().forEach(row -> tx.put(EcsTables.SERVICE_TASKS, key.account(), row.key(), row));
    next.gone().forEach(row -> tx.delete(EcsTables.SERVICE_TASKS, key.account(), row));
    var steps =
        new ServiceSteps(tx, tasks, launcher, starter(seen.look().service(), now), now, patient());
    Course course = steps.apply(seen.look(), next, drawn);
    Service service = Services.tell(tx, course.service(), course.events(), now);
    boolean changed = !service.equals(seen.look().service());
    if (changed) {
      Services.put(tx, seen.look().service(), service, now);
    }
    if (!course.deployment().equals(seen.look().deployment())) {
      Deploying.put(tx, course.deployment());
      changed = true;
    }
    return changed || steps.wrote() || !next.changed().isEmpty() || !next.gone().isEmpty();
  }
}
