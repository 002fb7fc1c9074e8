// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.ServiceTask;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.state.Services;
import dev.holdfast.service.State;
import dev.holdfast.store.Change;
import dev.holdfast.store.Changes;
import dev.holdfast.store.CompactedException;
import dev.holdfast.store.Revision;
import dev.holdfast.store.StoreFull;
import dev.holdfast.store.StoreUnavailable;
import dev.holdfast.store.View;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Looks at services whenever something of theirs changes, when it is time, and now and then. */
final class ServiceLoop {
  private static final System.Logger LOG = System.getLogger("ecs");

  /** Every service is looked at so often, whatever was heard of it. */
  private static final Duration ROUND = Duration.ofSeconds(15);

  /** The longest wait: the clock may have leapt. */
  private static final Duration LONGEST = Duration.ofSeconds(2);

  private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

  private final State state;
  private final InstantSource clock;
  private final ServiceScheduler scheduler;
  private final BooleanSupplier open;
  private final Map<Service.Key, Instant> wakes = new HashMap<>();
  private final Map<ContainerInstance.Key, ContainerInstance.Status> instances = new HashMap<>();

  /** When all services were looked at last. */
  private Instant swept = Instant.MIN;

  /** Guards {@code paused} while a service is tended. */
  private final ReentrantLock tending = new ReentrantLock();

  private boolean paused;

  ServiceLoop(State state, InstantSource clock, ServiceScheduler scheduler, BooleanSupplier open) {
    this.state = state;
    this.clock = clock;
    this.scheduler = scheduler;
    this.open = open;
  }

  /** Tends nothing from now on, and waits until nothing is tended any more. */
  void pause() {
    tending.lock();
    try {
      paused = true;
    } finally {
      tending.unlock();
    }
  }

  void run() {
    while (open.getAsBoolean()) {
      Revision from = state.read(View::revision);
      try (Changes changes = watch(from)) {
        swept = Instant.MIN;
        while (open.getAsBoolean()) {
          boolean _ = turn(changes, LONGEST);
        }
      } catch (CompactedException e) {
        LOG.log(System.Logger.Level.DEBUG, "the watch of the services starts anew");
      } catch (StoreUnavailable e) {
        return;
      }
    }
  }

  /** What services depend on. */
  Changes watch(Revision from) {
    return state.watch(
        List.of(EcsTables.TASKS, EcsTables.INSTANCES, EcsTables.SERVICES, EcsTables.SERVICE_TASKS),
        from);
  }

  /**
   * One look: hears what has changed and tends what it concerns, and what is due.
   *
   * @param most the longest wait where nothing is due
   * @return whether any service was tended
   */
  boolean turn(Changes changes, Duration most) {
    Instant now = clock.instant();
    var dirty = new LinkedHashSet<Service.Key>();
    if (swept.plus(ROUND).isBefore(now) || swept.isAfter(now)) {
      swept = now;
      dirty.addAll(all());
      wakes.keySet().retainAll(dirty);
    }
    wakes.forEach(
        (key, at) -> {
          if (!at.isAfter(now)) {
            dirty.add(key);
          }
        });
    Duration wait = dirty.isEmpty() ? untilNext(now, most) : Duration.ZERO;
    changes.next(wait).forEach(c -> hear(c, dirty));
    dirty.forEach(this::tend);
    return !dirty.isEmpty();
  }

  private Duration untilNext(Instant now, Duration most) {
    Duration wait = most;
    for (Instant at : wakes.values()) {
      Duration until = Duration.between(now, at);
      wait = until.compareTo(wait) < 0 ? until : wait;
    }
    return wait.isNegative() ? Duration.ZERO : wait;
  }

  private List<Service.Key> all() {
    return state.read(
        view ->
            view.all(EcsTables.SERVICES).stream()
                .filter(s -> s.status() != Service.Status.INACTIVE)
                .map(Service::key)
                .toList());
  }

  private void hear(Change change, Set<Service.Key> dirty) {
    state.read(
        view -> {
          if (change.table().equals(EcsTables.TASKS.name())) {
            Task task = view.row(EcsTables.TASKS, change.account(), change.key());
            if (task != null) {
              Services.named(task).ifPresent(dirty::add);
            }
          } else if (change.table().equals(EcsTables.SERVICES.name())) {
            Service service = view.row(EcsTables.SERVICES, change.account(), change.key());
            if (service != null) {
              dirty.add(service.key());
            }
          } else if (change.table().equals(EcsTables.SERVICE_TASKS.name())) {
            ServiceTask row = view.row(EcsTables.SERVICE_TASKS, change.account(), change.key());
            if (row != null) {
              dirty.add(row.key().service());
            }
          } else {
            instance(view, view.row(EcsTables.INSTANCES, change.account(), change.key()), dirty);
          }
          return dirty;
        });
  }

  /** An instance's row changes with each message to it; services care for its status alone. */
  private void instance(View view, @Nullable ContainerInstance row, Set<Service.Key> dirty) {
    if (row != null && instances.put(row.key(), row.status()) != row.status()) {
      view.list(
              EcsTables.SERVICES,
              row.key().account(),
              row.key().region().name(),
              row.key().cluster())
          .forEach(service -> dirty.add(service.key()));
    }
  }

  private void tend(Service.Key key) {
    tending.lock();
    try {
      if (!paused) {
        tendNow(key);
      }
    } finally {
      tending.unlock();
    }
  }

  private void tendNow(Service.Key key) {
    Instant wake;
    try {
      wake = scheduler.tend(key);
    } catch (StoreFull e) {
      LOG.log(System.Logger.Level.WARNING, "the service " + key.name() + " waits for space");
      wake = clock.instant().plus(AFTER_FAILURE);
    } catch (StoreUnavailable e) {
      LOG.log(System.Logger.Level.WARNING, "services wait for the store", e);
      wake = clock.instant().plus(AFTER_FAILURE);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "the service " + key.name() + " could not be tended", e);
      wake = clock.instant().plus(AFTER_FAILURE);
    }
    if (wake == null) {
      wakes.remove(key);
    } else {
      wakes.put(key, wake);
    }
  }
}
