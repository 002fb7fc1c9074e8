// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.aws.ApiError;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.ServiceRevision;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.plan.SecretChange;
import dev.holdfast.ecs.port.EcsDependencies;
import dev.holdfast.ecs.state.Deploying;
import dev.holdfast.ecs.state.Launcher;
import dev.holdfast.ecs.state.ServiceStarter;
import dev.holdfast.ecs.state.Services;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Rolls services that ask for it when a secret of theirs has another version: one deployment for a
 * burst of changes, and none again for what was rolled back. Used by one thread.
 */
final class SecretRolls {
  /** So long nothing may change before a service is rolled. */
  static final Duration QUIET = Duration.ofSeconds(5);

  /** So often a service that asks for it is looked at. */
  private static final Duration ROUND = Duration.ofSeconds(3);

  private final EcsDependencies deps;
  private final Launcher launcher;
  private final Deploying deploying;
  private final Map<Service.Key, Seen> changes = new HashMap<>();

  /**
   * Versions that are not run yet.
   *
   * @param since when they have been the same, in nanoseconds of the monotonic clock
   */
  private record Seen(String versions, long since) {}

  SecretRolls(EcsDependencies deps, Launcher launcher) {
    this.deps = deps;
    this.launcher = launcher;
    this.deploying = new Deploying(launcher);
  }

  /** Looks at a service that has nothing else to do; says when to look again, or null. */
  @Nullable Instant look(Service.Key key, Instant now) {
    Wish wish = deps.state().read(view -> wish(view, key, now));
    if (!wish.asked()) {
      changes.remove(key);
      return null;
    }
    String versions = wish.versions();
    if (versions == null) {
      changes.remove(key);
      return now.plus(ROUND);
    }
    Seen seen = changes.get(key);
    if (seen == null || !seen.versions().equals(versions)) {
      changes.put(key, new Seen(versions, deps.nanos().getAsLong()));
      return now.plus(QUIET);
    }
    Duration quiet = Duration.ofNanos(deps.nanos().getAsLong() - seen.since());
    if (quiet.compareTo(QUIET) < 0) {
      return now.plus(QUIET.minus(quiet));
    }
    changes.remove(key);
    var drawn = Deploying.Drawn.of(deps.random());
    deps.state()
        .own(
            tx -> {
              roll(tx, key, versions, drawn, now);
              return key;
            });
    return now;
  }

  /**
   * What a service wishes.
   *
   * @param asked whether it is to be rolled at all
   * @param versions those to roll to, or null where nothing has changed
   */
  private record Wish(boolean asked, @Nullable String versions) {
    static final Wish NONE = new Wish(false, null);
    static final Wish NOTHING_NEW = new Wish(true, null);
  }

  private Wish wish(View view, Service.Key key, Instant now) {
    Service service = Services.find(view, key);
    if (service == null
        || service.status() != Service.Status.ACTIVE
        || !Deploying.rolls(view, service)) {
      return Wish.NONE;
    }
    Service.Rollout primary = Objects.requireNonNull(service.primary());
    ServiceRevision revision = Services.revision(view, key, primary.id());
    if (revision == null || primary.state() != Service.RolloutState.COMPLETED) {
      return Wish.NOTHING_NEW;
    }
    List<Task.ResolvedSecret> present;
    try {
      present =
          launcher
              .prepare(
                  view,
                  new ServiceStarter(key, now, deps.guardrails()),
                  Deploying.wanted(view, service, revision, Deploying.definition(view, revision)))
              .secrets();
    } catch (ApiError e) {
      return Wish.NOTHING_NEW; // what cannot start now is told when a task is to be started
    }
    String versions = SecretChange.versions(present);
    boolean same =
        SecretChange.versions(running(view, service, revision)).equals(versions)
            || versions.equals(service.progress().rolledFor());
    return same ? Wish.NOTHING_NEW : new Wish(true, versions);
  }

  /** What the revision's tasks run: what was settled for it, or what one of them was given. */
  private static List<Task.ResolvedSecret> running(
      View view, Service service, ServiceRevision revision) {
    if (!revision.secrets().isEmpty()) {
      return revision.secrets();
    }
    return Services.of(view, EcsTables.SERVICE_TASKS, service.key()).stream()
        .filter(row -> row.revision().equals(revision.key().id()))
        .map(row -> view.get(EcsTables.TASKS, service.key().account(), row.key().taskKey()))
        .filter(task -> task != null && task.wanted())
        .findFirst()
        .map(Task::secrets)
        .orElse(List.of());
  }

  private void roll(Tx tx, Service.Key key, String versions, Deploying.Drawn drawn, Instant now) {
    Wish wish = wish(tx, key, now);
    if (!versions.equals(wish.versions())) {
      return;
    }
    Service service = Objects.requireNonNull(Services.find(tx, key));
    ServiceRevision before =
        Objects.requireNonNull(
            Services.revision(tx, key, Objects.requireNonNull(service.primary()).id()));
    var starter = new ServiceStarter(key, now, deps.guardrails());
    ServiceRevision next = deploying.again(tx, starter, service, before, drawn);
    List<String> changed = SecretChange.changed(running(tx, service, before), next.secrets());
    Service rolled = Deploying.begin(tx, service, next, drawn, false);
    rolled = rolled.with(rolled.progress().rolledFor(versions));
    rolled =
        Services.tell(
            tx,
            rolled,
            List.of(
                "(service "
                    + key.name()
                    + ") is rolled, since secrets that it uses have changed: "
                    + String.join(", ", changed)
                    + "."),
            now);
    Services.put(tx, service, rolled, now);
  }
}
