// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import dev.holdfast.agent.cgroup.TaskCgroups;
import dev.holdfast.agent.engine.Container;
import dev.holdfast.agent.engine.Containers;
import dev.holdfast.agent.engine.EngineEvents;
import dev.holdfast.agent.host.TaskNetwork;
import dev.holdfast.agent.host.TaskNetworks;
import dev.holdfast.agent.plan.TidyPlan;
import dev.holdfast.aws.agent.HostGrants;
import dev.holdfast.aws.agent.PayloadContainer;
import dev.holdfast.aws.agent.PayloadTask;
import dev.holdfast.aws.agent.RoleCredentials;
import dev.holdfast.kit.Ids;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * All tasks of this host. A task's ARN is started once; when the agent comes back, its containers
 * are found by labels and recorded id and go on, never restarted.
 */
public final class Tasks implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Tasks.class.getName());
  private static final Duration RELEASE = Duration.ofSeconds(10);
  private static final Duration RECONNECT = Duration.ofSeconds(1);

  private final TaskHost host;
  private final TaskMachine machine;
  private final RandomGenerator random;
  private final Map<String, TaskRunner> runners = new ConcurrentHashMap<>();
  private volatile boolean closed;
  private volatile @Nullable EngineEvents events;

  public Tasks(TaskHost host, TaskMachine machine, RandomGenerator random) {
    this.host = host;
    this.machine = machine;
    this.random = random;
  }

  /**
   * Adopts what an earlier agent left, then watches the engine.
   *
   * @throws IOException where the engine or the task files cannot be read
   */
  public void start() throws IOException {
    for (TaskNetwork network : host.networks().recover()) {
      host.gates().open(network);
    }
    for (TaskFiles.Entry entry : host.files().load()) {
      adopt(entry);
    }
    clearGroups();
    host.networks().stock();
    Thread.ofVirtual().name("engine-events").start(this::watch);
  }

  private void adopt(TaskFiles.Entry entry) throws IOException {
    TaskState state = entry.state().adopted();
    for (PayloadContainer container : entry.task().containers()) {
      String name = container.name();
      ContainerState known = state.container(name);
      if (!known.is(ContainerState.Phase.STOPPED)) {
        state = state.with(name, adopted(entry.task(), name, known));
      }
    }
    var runner =
        new TaskRunner(
            host,
            machine,
            new TaskFiles.Entry(
                entry.task(),
                entry.instanceArn(),
                entry.stopWanted(),
                entry.metadataIds(),
                entry.hasRole(),
                state));
    runners.put(entry.task().arn(), runner);
    runner.begin();
  }

  /** Removes the control groups of tasks that nothing is left of. */
  private void clearGroups() throws IOException {
    var there = new HashSet<String>();
    runners.keySet().forEach(arn -> there.add(TaskCgroups.id(arn)));
    String ours = TaskNetworks.INSTALLATION + "=" + host.settings().installation();
    for (Containers.Listed container : host.engine().containers().listed(ours)) {
      String arn = container.labels().get(TaskNetworks.TASK);
      if (arn != null) {
        there.add(TaskCgroups.id(arn));
      }
    }
    for (String id : host.cgroups().ids()) {
      if (!there.contains(id)) {
        try {
          host.cgroups().remove(id);
        } catch (IOException e) {
          LOG.log(Level.WARNING, "the cgroup of task {0} stays: {1}", new Object[] {id, e});
        }
      }
    }
  }

  /**
   * What became of a container. One that no file tells of is looked for by its name: it may have
   * run while the disk took nothing.
   */
  private UnaryOperator<ContainerState> adopted(PayloadTask task, String name, ContainerState known)
      throws IOException {
    var steps = new TaskSteps(host, task, Map.of());
    String id = known.runtimeId();
    Container there = host.engine().containers().inspect(id == null ? steps.engineName(name) : id);
    Container trusted = there != null && host.owns(there, task.arn(), name) ? there : null;
    Instant now = host.clock().instant();
    if (id != null) {
      return c -> c.seen(trusted, now);
    }
    return trusted != null && (trusted.running() || trusted.ended())
        ? c -> c.created(trusted.id()).seen(trusted, now)
        : UnaryOperator.identity();
  }

  /**
   * Starts a task; one that is known already goes on as it is.
   *
   * @param instanceArn the container instance that it was placed on
   * @throws UncheckedIOException where the disk is broken: it was not taken, and the agent ends
   */
  public void run(PayloadTask task, String instanceArn) {
    runners.values().removeIf(TaskRunner::over);
    host.credentials().put(task);
    var ids = new HashMap<String, String>();
    task.containers().forEach(c -> ids.put(c.name(), Ids.uuid(random)));
    List<String> names = task.containers().stream().map(PayloadContainer::name).toList();
    boolean hasRole = task.roleCredentials() != null;
    var entry = new TaskFiles.Entry(task, instanceArn, false, ids, hasRole, TaskState.fresh(names));
    var made = new TaskRunner(host, machine, entry);
    if (runners.putIfAbsent(task.arn(), made) == null) {
      try {
        made.begin();
      } catch (UncheckedIOException e) {
        runners.remove(task.arn(), made); // nor is it taken when the platform sends it again
        throw e;
      }
    }
  }

  /**
   * Stops a task; one that is not known here is reported as stopped, so that a platform which has
   * lost track finds its way.
   */
  public void stop(String taskArn, @Nullable String clusterArn) {
    TaskRunner runner = runners.get(taskArn);
    if (runner != null) {
      runner.stop();
      return;
    }
    reportLost(
        taskArn, clusterArn, "TaskStateError: the agent of this host does not know the task");
  }

  /** Reports a task as stopped of which nothing is here. */
  public void reportLost(String taskArn, @Nullable String clusterArn, String reason) {
    var report =
        new TaskReport(
            taskArn, clusterArn, TaskState.Status.STOPPED, reason, List.of(), null, null, null);
    Thread.ofVirtual()
        .name("task-lost")
        .start(
            () -> {
              try {
                host.reporter().submit(report);
              } catch (IOException e) {
                LOG.log(Level.WARNING, "report of {0} failed: {1}", new Object[] {taskArn, e});
              }
            });
  }

  /** Takes a renewed role session of a task; false where the role type is unknown. */
  public boolean renew(String taskArn, String roleType, RoleCredentials credentials) {
    return host.credentials().renew(taskArn, roleType, credentials);
  }

  /** The task, or null where it is not known here. */
  public @Nullable TaskRunner find(String taskArn) {
    return runners.get(taskArn);
  }

  /** What this host's owner allows and what it can, for the platform to know. */
  public Set<String> grants() {
    Set<String> grants = host.policy().grants();
    if (host.cgroups().lacking().isEmpty()) {
      grants.add(HostGrants.TASK_LIMITS);
    }
    return grants;
  }

  /** All tasks that are not over. */
  public Collection<TaskRunner> all() {
    runners.values().removeIf(TaskRunner::over);
    return List.copyOf(runners.values());
  }

  /** Sees to it that the rules which keep tasks apart are in force. */
  public void assureIsolation() {
    host.networks().assure();
  }

  /** Stops every task, waits for each, and removes everything of ours. */
  public void stopAll(Duration patience) throws InterruptedException {
    discard(all(), patience);
  }

  /** Stops tasks, waits for each, and removes what is left of them. */
  public void discard(Collection<TaskRunner> left, Duration patience) throws InterruptedException {
    left.forEach(TaskRunner::stop);
    for (TaskRunner runner : left) {
      if (runner.awaitReleased(patience)) {
        runner.cleanUp();
      }
    }
  }

  /** Removes what ended tasks left, and what of this installation belongs to no task any more. */
  public void cleanUp() throws IOException, InterruptedException {
    for (TaskRunner runner : all()) {
      if (runner.state().stopped() && runner.awaitReleased(RELEASE)) {
        runner.cleanUp();
      }
    }
    String ours = TaskNetworks.INSTALLATION + "=" + host.settings().installation();
    for (String id : host.engine().containers().list(ours)) {
      Container container = host.engine().containers().inspect(id);
      boolean idle =
          container != null
              && (!container.running()
                  || PauseContainer.PAUSE.equals(container.labels().get(PauseContainer.ROLE)));
      if (container != null && idle && orphan(container.labels())) {
        host.engine().containers().remove(id);
      }
    }
    host.networks().clear(runners.keySet());
    clearGroups();
    if (all().isEmpty()) {
      for (String volume : host.engine().volumes().list(ours)) {
        host.engine().volumes().remove(volume);
      }
    }
  }

  /** The tasks that have stopped and of which containers may be left. */
  public List<TidyPlan.Stopped> stopped() {
    return all().stream()
        .filter(runner -> runner.state().stopped() && runner.state().released())
        .map(
            runner ->
                new TidyPlan.Stopped(
                    runner.task().arn(),
                    Objects.requireNonNullElse(
                        runner.state().executionStoppedAt(), host.clock().instant())))
        .toList();
  }

  /** Removes what is left of stopped tasks; returns of how many. */
  public int cleanUp(List<String> arns) {
    int done = 0;
    for (String arn : arns) {
      TaskRunner runner = runners.get(arn);
      if (runner != null && runner.state().stopped() && runner.state().released()) {
        runner.cleanUp();
        done++;
      }
    }
    return done;
  }

  /**
   * Removes containers of this installation that ended before a time and belong to no task that is
   * known here; returns how many.
   */
  public int removeOrphans(Instant before) throws IOException {
    String ours = TaskNetworks.INSTALLATION + "=" + host.settings().installation();
    int done = 0;
    for (String id : host.engine().containers().list(ours)) {
      Container container = host.engine().containers().inspect(id);
      Instant ended = container == null ? null : container.finishedAt();
      if (container != null
          && container.ended()
          && ended != null
          && ended.isBefore(before)
          && orphan(container.labels())) {
        host.engine().containers().remove(id);
        done++;
      }
    }
    return done;
  }

  /** Which of these images, by name with digest, tasks that have not stopped may want. */
  public Set<String> needed(Collection<String> names) {
    var needed = new HashSet<String>();
    for (TaskRunner runner : all()) {
      if (!runner.state().stopped()) {
        for (PayloadContainer container : runner.task().containers()) {
          names.stream()
              .filter(name -> ImageReference.parse(container.image()).mayMean(name))
              .forEach(needed::add);
        }
      }
    }
    return needed;
  }

  private boolean orphan(Map<String, String> labels) {
    String task = labels.get(TaskNetworks.TASK);
    TaskRunner runner = task == null ? null : runners.get(task);
    return runner == null || runner.over();
  }

  private void watch() {
    while (!closed) {
      try (EngineEvents stream =
          host.engine().events(TaskNetworks.INSTALLATION + "=" + host.settings().installation())) {
        events = stream;
        // What happened while nobody watched is seen by looking.
        all().forEach(TaskRunner::look);
        for (var event = stream.next(); event != null; event = stream.next()) {
          String arn = event.attributes().string(TaskNetworks.TASK);
          String name = event.attributes().string(ContainerRequest.CONTAINER);
          TaskRunner runner = arn == null ? null : runners.get(arn);
          if (runner != null && name != null) {
            runner.look(name);
          } else if (runner != null) {
            runner.lookAtNamespaces();
          }
        }
      } catch (IOException e) {
        if (!closed) {
          LOG.log(Level.WARNING, "engine events end: {0}", e.getMessage());
        }
      }
      LockSupport.parkNanos(RECONNECT.toNanos());
    }
  }

  /** Stops watching and listening; containers go on. */
  @Override
  public void close() {
    closed = true;
    for (String arn : runners.keySet()) {
      TaskNetwork network = host.networks().find(arn);
      if (network != null) {
        host.gates().close(network);
      }
    }
    EngineEvents stream = events;
    if (stream != null) {
      stream.close();
    }
    host.networks().close();
  }
}
