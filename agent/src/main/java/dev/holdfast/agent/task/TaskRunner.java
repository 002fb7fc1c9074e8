// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import dev.holdfast.aws.agent.PayloadTask;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One task under way: asks the {@link TaskMachine} what is next, does it, and reports. Steps run on
 * virtual threads of their own; state changes one at a time, and what a restarted agent could not
 * find out again is on disk before a step begins.
 */
public final class TaskRunner {
  private static final Logger LOG = Logger.getLogger(TaskRunner.class.getName());
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LAST_RETRY = Duration.ofSeconds(30);

  private final TaskHost host;
  private final TaskMachine machine;
  private final TaskSteps steps;
  private final TaskFile file;
  private final PayloadTask task;
  private final Map<String, String> metadataIds;
  private final boolean hasRole;
  private final String instanceArn;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<String> missed = new HashSet<>();
  private TaskState state;
  private boolean stopWanted;
  private boolean over;

  /** The state that is on disk, and whether the task was wanted stopped in it. */
  private @Nullable TaskState saved;

  private boolean savedStop;
  private @Nullable Instant wake;

  TaskRunner(TaskHost host, TaskMachine machine, TaskFiles.Entry entry) {
    this.host = host;
    this.machine = machine;
    this.task = entry.task();
    this.metadataIds = Map.copyOf(entry.metadataIds());
    this.hasRole = entry.hasRole();
    this.instanceArn = entry.instanceArn();
    this.state = entry.state();
    this.stopWanted = entry.stopWanted();
    this.steps = new TaskSteps(host, task, metadataIds);
    this.file = new TaskFile(host.files(), task.arn());
  }

  /** Begins, or goes on where an earlier agent left off. */
  void begin() {
    Thread.ofVirtual().name("task-clock").start(this::tick);
    Thread.ofVirtual().name("task-reports").start(this::report);
    new OutputSteps(host, task).follow(state());
    change(UnaryOperator.identity());
  }

  public PayloadTask task() {
    return task;
  }

  /** The container instance that the task was placed on. */
  public String instanceArn() {
    return instanceArn;
  }

  /** Whether it has a task role, whose session may not have been sent yet after a restart. */
  public boolean hasRole() {
    return hasRole;
  }

  public TaskState state() {
    lock.lock();
    try {
      return state;
    } finally {
      lock.unlock();
    }
  }

  /** The name of the container whose metadata has that id, or null. */
  public @Nullable String containerOf(String metadataId) {
    return metadataIds.entrySet().stream()
        .filter(e -> e.getValue().equals(metadataId))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(null);
  }

  public boolean stopWanted() {
    lock.lock();
    try {
      return stopWanted;
    } finally {
      lock.unlock();
    }
  }

  /** Whether nothing of the task is left. */
  public boolean over() {
    lock.lock();
    try {
      return over;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Wants the task stopped; it never wants to run again. Its sessions are over, as they are on the
   * platform since it was told to stop.
   */
  public void stop() {
    host.credentials().forget(task.arn());
    lock.lock();
    try {
      stopWanted = true;
    } finally {
      lock.unlock();
    }
    change(UnaryOperator.identity());
  }

  /** Waits until the task has stopped and its network is gone; false where it takes too long. */
  public boolean awaitReleased(Duration patience) throws InterruptedException {
    long left = patience.toNanos();
    lock.lock();
    try {
      while (!(over || (state.stopped() && state.released()))) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Removes what is left of a stopped task at once. */
  void cleanUp() {
    perform(new Step.CleanUp());
  }

  /** Looks at every container that exists. */
  void look() {
    lookAtNamespaces();
    for (var container : state().containers().entrySet()) {
      if (container.getValue().runtimeId() != null && !container.getValue().busy()) {
        look(container.getKey());
      }
    }
  }

  /** Looks at a container, after the engine said that something happened to it. */
  void look(String name) {
    String id;
    lock.lock();
    try {
      ContainerState known = state.container(name);
      id = known.runtimeId();
      if (known.busy()) {
        // The step under way may have looked just before it happened.
        missed.add(name);
        return;
      }
      if (id == null || known.is(ContainerState.Phase.STOPPED)) {
        return;
      }
    } finally {
      lock.unlock();
    }
    try {
      var seen = host.engine().containers().inspect(id);
      Instant now = host.clock().instant();
      change(s -> s.container(name).busy() ? s : s.with(name, c -> c.seen(seen, now)));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "container of {0} not seen: {1}", new Object[] {task.arn(), e});
    }
  }

  /** Ends the task where the namespaces that its containers share are gone: it has no network. */
  void lookAtNamespaces() {
    if (state().provisioned() && steps.namespacesEnded()) {
      fail("the container that held the task's namespaces has ended");
    }
  }

  /** Ends the task for a reason that is told; one that ends already goes on ending. */
  void fail(String reason) {
    change(s -> s.provisioned() && !s.stopped() && s.failure() == null ? s.failed(reason) : s);
  }

  private void lookAgain() {
    List<String> names;
    lock.lock();
    try {
      names = missed.stream().filter(name -> !state.container(name).busy()).toList();
      names.forEach(missed::remove);
    } finally {
      lock.unlock();
    }
    names.forEach(this::look);
  }

  private void change(UnaryOperator<TaskState> update) {
    lock.lock();
    try {
      if (over) {
        return;
      }
      TaskState before = state;
      TaskState updated = update.apply(state);
      var decision = machine.next(task, stopWanted, updated, host.clock().instant());
      state = decision.state();
      wake = decision.wake();
      save();
      changed.signalAll();
      if (!health(before).equals(health(state))) {
        Thread.ofVirtual().start(() -> host.reporter().healthChanged(task.arn()));
      }
      decision
          .steps()
          .forEach(step -> Thread.ofVirtual().name("task-step").start(() -> perform(step)));
    } finally {
      lock.unlock();
    }
  }

  private void save() {
    var entry = new TaskFiles.Entry(task, instanceArn, stopWanted, metadataIds, hasRole, state);
    TaskState known = saved;
    if (known != null && savedStop == stopWanted && known.leadsTo(state)) {
      file.soon(entry);
    } else {
      file.now(entry);
      saved = state;
      savedStop = stopWanted;
    }
  }

  private static Map<String, String> health(TaskState state) {
    var health = new HashMap<String, String>();
    state
        .containers()
        .forEach(
            (name, c) -> {
              String now = c.health();
              if (now != null) {
                health.put(name, now);
              }
            });
    return health;
  }

  private void perform(Step step) {
    if (step instanceof Step.CleanUp) {
      finish();
      return;
    }
    UnaryOperator<TaskState> result = steps.perform(step, this::state);
    change(result);
    lookAgain();
  }

  private void finish() {
    try {
      steps.cleanUp(state());
      host.credentials().end(task.arn());
      file.delete();
      lock.lock();
      try {
        over = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "{0} not cleaned up: {1}", new Object[] {task.arn(), e});
      pause(LAST_RETRY);
      change(s -> s.working(false));
    }
  }

  /** Asks the machine again when time alone changes something. */
  private void tick() {
    while (true) {
      lock.lock();
      try {
        if (over) {
          return;
        }
        Instant next = wake;
        if (next == null) {
          changed.await();
          continue;
        }
        long nanos = Duration.between(host.clock().instant(), next).toNanos();
        if (nanos > 0) {
          var _ = changed.awaitNanos(nanos);
          continue;
        }
        wake = null;
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      } finally {
        lock.unlock();
      }
      change(UnaryOperator.identity());
    }
  }

  private void report() {
    Duration retry = FIRST_RETRY;
    while (true) {
      TaskReport report = awaitReport();
      if (report == null) {
        return;
      }
      try {
        host.reporter().submit(report);
        change(s -> s.acknowledged(report.acknowledged(s.reported())));
        retry = FIRST_RETRY;
      } catch (IOException e) {
        LOG.log(Level.WARNING, "report of {0} is late: {1}", new Object[] {task.arn(), e});
        pause(retry);
        retry =
            retry.multipliedBy(2).compareTo(LAST_RETRY) > 0 ? LAST_RETRY : retry.multipliedBy(2);
      }
    }
  }

  private @Nullable TaskReport awaitReport() {
    lock.lock();
    try {
      while (!over) {
        TaskReport report = TaskReport.next(task, state);
        if (report != null) {
          return report;
        }
        changed.await();
      }
      return null;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void pause(Duration pause) {
    long left = pause.toNanos();
    lock.lock();
    try {
      while (left > 0 && !over) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
