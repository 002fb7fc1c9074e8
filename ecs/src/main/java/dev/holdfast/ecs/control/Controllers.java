// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.plan.TaskTransitions;
import dev.holdfast.ecs.port.EcsDependencies;
import dev.holdfast.ecs.state.Alarms;
import dev.holdfast.ecs.state.Announce;
import dev.holdfast.ecs.state.Connections;
import dev.holdfast.ecs.state.ExecSessions;
import dev.holdfast.ecs.state.Hosts;
import dev.holdfast.ecs.state.Launcher;
import dev.holdfast.ecs.state.Past;
import dev.holdfast.ecs.state.Tasks;
import dev.holdfast.ecs.state.Usage;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Door;
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
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What runs beside the operations: what wakes streams, tends services, and keeps house. */
public final class Controllers implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("ecs");
  private static final Duration ROUND = Duration.ofSeconds(30);
  private static final Duration LONGEST_ROUND = Duration.ofMinutes(5);

  /** Looking after very many rows takes no more than this part of the time. */
  private static final int PART = 20;

  /** In so many rounds once, what is remembered is looked through. */
  private static final int PRUNING = 60;

  private static final int ROUNDS_OF_STOPS = 5;

  private final EcsDependencies deps;
  private final Tasks tasks;
  private final Connections connections;
  private final Alarms alarms;
  private final ExecSessions sessions;
  private final Launcher launcher;
  private final Signals signals = new Signals();
  private final CountDownLatch closed = new CountDownLatch(1);
  private @Nullable Thread watcher;
  private @Nullable Thread keeper;
  private @Nullable Thread scheduler;
  private @Nullable Thread numberer;
  private final ServiceLoop services;
  private final Journal journal;
  private final Usage usage = new Usage();
  private final ReentrantLock telling = new ReentrantLock();

  public Controllers(
      EcsDependencies deps,
      Tasks tasks,
      Connections connections,
      Alarms alarms,
      Launcher launcher,
      ExecSessions sessions,
      Journal journal) {
    this.journal = journal;
    this.deps = deps;
    this.tasks = tasks;
    this.connections = connections;
    this.alarms = alarms;
    this.sessions = sessions;
    this.launcher = launcher;
    this.services =
        new ServiceLoop(
            deps.state(),
            deps.clock(),
            new ServiceScheduler(deps, launcher, tasks, connections),
            this::open);
  }

  /** The websockets behind a door. */
  public Streams streams(Door door) {
    return new Streams(
        deps,
        door,
        new Streams.Watch(connections, alarms, sessions, usage, launcher),
        signals,
        tasks);
  }

  /** What containers use, as agents tell. */
  public Usage usage() {
    return usage;
  }

  /** Starts once. */
  public void start() {
    connections.onChange(name -> Thread.ofVirtual().name("ecs-told").start(() -> told(name)));
    numberer = Thread.ofVirtual().name("ecs-journal").start(() -> journal.run(this::open));
    watcher = Thread.ofVirtual().name("ecs-watch").start(this::watch);
    keeper = Thread.ofVirtual().name("ecs-housekeeping").start(this::keep);
    scheduler = Thread.ofVirtual().name("ecs-services").start(services::run);
  }

  /** The loop that tends services, for a test that has it turn by a clock of its own. */
  ServiceLoop services() {
    return services;
  }

  /** Lets services be as they are from now on: this process ends, and their tasks with it. */
  void pauseServices() {
    services.pause();
  }

  /**
   * Wants every task of every account stopped. Some may be begun meanwhile by those who have not
   * heard yet: they are looked for again, but not for ever.
   */
  public void stopAll(String reason) {
    pauseServices();
    State state = deps.state();
    for (int round = 0; round < ROUNDS_OF_STOPS; round++) {
      List<Task.Key> wanted = state.read(view -> LiveTasks.keys(view, Task::wanted));
      if (wanted.isEmpty()) {
        return;
      }
      LiveTasks.change(
          state,
          wanted,
          (tx, task) -> {
            Instant now = deps.clock().instant();
            tasks.put(tx, task, TaskTransitions.stop(task, reason, now), now);
          });
    }
  }

  private boolean open() {
    return closed.getCount() > 0;
  }

  /** An agent's stream opened or ended: it is told of the instances that it speaks for. */
  private void told(String stream) {
    telling.lock();
    try {
      if (!open() || stream.contains("/telemetry") || stream.startsWith("exec/")) {
        return;
      }
      deps.state()
          .own(
              tx -> {
                var now = deps.clock().instant();
                for (ContainerInstance row : spokenFor(tx, stream)) {
                  if (row.status() != ContainerInstance.Status.INACTIVE) {
                    Announce.instance(tx, row, connections.connected(stream), now);
                  }
                }
                return now;
              });
    } catch (StoreUnavailable e) {
      LOG.log(System.Logger.Level.DEBUG, "the platform ends, or its disk is full");
    } finally {
      telling.unlock();
    }
  }

  /** An instance's own stream names it: there may be very many. */
  private static List<ContainerInstance> spokenFor(View view, String stream) {
    ContainerInstance.Key key = Arn.parse(stream).flatMap(ContainerInstance.Key::of).orElse(null);
    if (key == null) {
      return view.all(EcsTables.INSTANCES).stream()
          .filter(row -> stream.equals(Hosts.stream(row)))
          .toList();
    }
    ContainerInstance row = view.get(EcsTables.INSTANCES, key.account(), key);
    return row != null && stream.equals(Hosts.stream(row)) ? List.of(row) : List.of();
  }

  private void watch() {
    State state = deps.state();
    while (open()) {
      Revision from = state.read(View::revision);
      signals.wakeAll();
      try (Changes changes = state.watch(List.of(EcsTables.TASKS, EcsTables.INSTANCES), from)) {
        while (open()) {
          changes.next(Duration.ofSeconds(5)).forEach(this::wake);
        }
      } catch (CompactedException e) {
        LOG.log(System.Logger.Level.DEBUG, "the watch starts anew");
      } catch (StoreUnavailable e) {
        return;
      }
    }
  }

  private void wake(Change change) {
    if (!change.table().equals(EcsTables.TASKS.name())) {
      signals.wake(Connections.LOCAL_HOST);
    } else {
      Task task =
          deps.state().read(view -> view.row(EcsTables.TASKS, change.account(), change.key()));
      signals.wake(Connections.host(task == null ? Host.LOCAL : task.place().host()));
      if (task != null) {
        signals.wake(
            new ContainerInstance.Key(
                    task.key().account(),
                    task.key().region(),
                    task.key().cluster(),
                    task.place().instance())
                .arn()
                .toString(),
            task.key());
      }
    }
  }

  private void keep() {
    var housekeeping = new Housekeeping(deps.state(), tasks);
    int round = 0;
    try {
      long took;
      do {
        took = 0;
        try {
          long began = deps.nanos().getAsLong();
          housekeeping.sweep(deps.settled().instant());
          took = deps.nanos().getAsLong() - began;
          if (round++ % PRUNING == 0) {
            Past.prune(deps.state(), deps.settled().instant());
            journal.prune(deps.settled().instant());
          }
        } catch (CancellationException _) {
          return;
        } catch (StoreFull _) {
          LOG.log(System.Logger.Level.WARNING, "housekeeping waits for space");
        } catch (StoreUnavailable e) {
          LOG.log(System.Logger.Level.WARNING, "housekeeping waits for the store", e);
        } catch (RuntimeException e) {
          LOG.log(System.Logger.Level.ERROR, "housekeeping failed", e);
        }
      } while (!closed.await(rest(took), TimeUnit.MILLISECONDS));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** How many milliseconds to rest after a round that took so many nanoseconds. */
  static long rest(long took) {
    long part = Duration.ofNanos(took).toMillis() * (PART - 1);
    return Math.clamp(part, ROUND.toMillis(), LONGEST_ROUND.toMillis());
  }

  @Override
  public void close() {
    closed.countDown();
    connections.onChange(_ -> {});
    journal.close();
    for (Thread thread : new Thread[] {watcher, keeper, scheduler, numberer}) {
      if (thread != null) {
        thread.interrupt();
        try {
          thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException _) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }
}
