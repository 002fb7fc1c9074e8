// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import dev.holdfast.agent.engine.Container;
import dev.holdfast.agent.engine.Containers;
import dev.holdfast.agent.engine.EngineException;
import dev.holdfast.agent.engine.Images;
import dev.holdfast.agent.host.HostPolicy;
import dev.holdfast.agent.host.HostRefusal;
import dev.holdfast.agent.host.TaskNetwork;
import dev.holdfast.aws.agent.PayloadContainer;
import dev.holdfast.aws.agent.PayloadContainer.SecretReference;
import dev.holdfast.aws.agent.PayloadTask;
import dev.holdfast.aws.agent.RoleCredentials;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Carries out the steps of one task against the engine; every failure becomes a reason. */
final class TaskSteps {
  private static final Logger LOG = Logger.getLogger(TaskSteps.class.getName());
  private static final Duration AGAIN = Duration.ofSeconds(2);
  private static final Duration LAST_WORDS = Duration.ofSeconds(10);

  /** How often an engine that is away is asked again. */
  private static final int PATIENCE = 30;

  private final TaskHost host;
  private final PayloadTask task;
  private final Map<String, String> metadataIds;
  private final PauseContainer pause;
  private final TaskVolumes volumes;
  private final TaskGroup group;
  private final TaskImages images;
  private volatile Map<String, String> secretValues = Map.of();

  TaskSteps(TaskHost host, PayloadTask task, Map<String, String> metadataIds) {
    this.host = host;
    this.task = task;
    this.metadataIds = metadataIds;
    // A name that no container of a task can have.
    this.pause = new PauseContainer(host, task, engineName("internal.pause"));
    this.volumes = TaskVolumes.of(host, task);
    this.group = new TaskGroup(host, task);
    this.images = new TaskImages(host, task);
  }

  /** Whether the namespaces that the task's containers share are gone under them. */
  boolean namespacesEnded() {
    return PauseContainer.wanted(task) && !pause.runs();
  }

  /** Does the step and returns what it changes; a step that breaks ends too, so no task hangs. */
  UnaryOperator<TaskState> perform(Step step, Supplier<TaskState> state) {
    try {
      return attempt(step, state);
    } catch (RuntimeException e) {
      LOG.log(Level.SEVERE, step + " of " + task.arn() + " broke", e);
      return broken(step);
    }
  }

  private UnaryOperator<TaskState> broken(Step step) {
    String why = "the agent could not do this; its log says why";
    return switch (step) {
      case Step.Provision() -> s -> s.failed("ResourceInitializationError: " + why);
      case Step.Pull(var name) -> ended(name, "CannotPullContainerError: " + why);
      case Step.Create(var name) -> ended(name, "CannotCreateContainerError: " + why);
      case Step.Start(var name) -> ended(name, "CannotStartContainerError: " + why);
      case Step.Stop(var name, _) -> later(name);
      case Step.Release(), Step.CleanUp() -> {
        LockSupport.parkNanos(AGAIN.toNanos());
        yield s -> s.working(false);
      }
    };
  }

  private UnaryOperator<TaskState> ended(String name, String reason) {
    return s -> s.with(name, c -> c.stopped(null, reason, now()));
  }

  private UnaryOperator<TaskState> attempt(Step step, Supplier<TaskState> state) {
    return switch (step) {
      case Step.Provision() -> provision(state.get());
      case Step.Pull(var name) -> images.pull(container(name));
      case Step.Create(var name) -> create(container(name));
      case Step.Start(var name) -> start(name, state);
      case Step.Stop(var name, var patience) -> stop(name, state.get().container(name), patience);
      case Step.Release() -> release();
      case Step.CleanUp() -> UnaryOperator.identity();
    };
  }

  private PayloadContainer container(String name) {
    return task.containers().stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
  }

  private UnaryOperator<TaskState> provision(TaskState state) {
    String fault = TaskMachine.fault(task);
    if (fault != null) {
      return s -> s.failed(fault);
    }
    try {
      // Before the network: a task without its secrets must leave nothing behind.
      secretValues = secrets(state);
    } catch (IOException e) {
      return s ->
          s.failed(
              "ResourceInitializationError: unable to pull secrets or registry auth: execution"
                  + " resource retrieval failed: "
                  + e.getMessage());
    }
    try {
      String unlogged = new OutputSteps(host, task).fault();
      if (unlogged != null) {
        return s -> s.failed(unlogged);
      }
      TaskNetwork network = host.networks().create(task.arn());
      host.gates().open(network);
      String refusal = volumes.provision();
      if (refusal != null) {
        return s -> s.failed(refusal);
      }
      boolean fresh = state.containers().values().stream().allMatch(c -> c.runtimeId() == null);
      String address = PauseContainer.wanted(task) ? pause.hold(network, fresh).address() : null;
      return s -> s.prepared(address);
    } catch (HostRefusal e) {
      return s -> s.failed(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return s -> s.failed("ResourceInitializationError: " + e.getMessage());
    }
  }

  private Map<String, String> secrets(TaskState state) throws IOException {
    var wanted = new ArrayList<SecretReference>();
    for (PayloadContainer container : task.containers()) {
      // After a restart of the agent what is made already needs no secret again.
      if (state.container(container.name()).runtimeId() == null) {
        container.secrets().stream()
            .filter(ContainerEnvironment::forContainer)
            .forEach(wanted::add);
      }
    }
    if (wanted.isEmpty()) {
      return Map.of();
    }
    RoleCredentials role = host.credentials().awaitExecution(task);
    if (role == null) {
      throw new IOException("the task has secrets but no execution role");
    }
    return host.secrets().values(role, wanted);
  }

  private UnaryOperator<TaskState> create(PayloadContainer container) {
    String name = container.name();
    TaskNetwork network = host.networks().find(task.arn());
    if (network == null) {
      return s -> s.failed("ResourceInitializationError: the task's network is gone");
    }
    try {
      UnaryOperator<ContainerState> made = createOrFind(container, request(container, network));
      return s -> s.with(name, made);
    } catch (HostRefusal e) {
      return ended(name, "CannotCreateContainerError: " + e.getMessage());
    } catch (Json.MalformedJson e) {
      return ended(name, "CannotCreateContainerError: dockerConfig is " + e.getMessage());
    } catch (IOException e) {
      return ended(name, "CannotCreateContainerError: " + told(e));
    }
  }

  private String told(IOException e) {
    return ContainerEnvironment.told(String.valueOf(e.getMessage()), secretValues.values());
  }

  private JsonObject request(PayloadContainer container, TaskNetwork network)
      throws HostRefusal, IOException {
    Map<String, String> named = volumes.names();
    String held = PauseContainer.wanted(task) ? pause.hold(network, false).id() : "";
    var names = new LinkedHashMap<String, String>();
    task.containers().forEach(c -> names.put(c.name(), engineName(c.name())));
    var request =
        new ContainerRequest(
            host.settings().installation(),
            host.settings().bindAddress(),
            task,
            network,
            named,
            names,
            held);
    String local = TaskImages.local(container);
    Images.Image image = images.image(local);
    Map<String, String> environment =
        ContainerEnvironment.of(
            container,
            imageVariables(image),
            metadataIds.getOrDefault(container.name(), ""),
            region(),
            host.credentials().application(task.arn()),
            secretValues);
    ContainerEnvironment.check(environment);
    JsonObject wanted = request.build(container, environment).with("Image", local);
    var scope =
        new HostPolicy.TaskScope(
            network.name(),
            new HashSet<>(named.values()),
            new HashSet<>(names.values()),
            host.settings().bindAddress(),
            Objects.requireNonNullElse(image.config().string("User"), ""),
            held);
    return group.around(host.policy().admit(wanted, scope));
  }

  private static List<String> imageVariables(Images.Image image) {
    return image.config().array("Env").stream()
        .filter(JsonString.class::isInstance)
        .map(v -> ((JsonString) v).text())
        .toList();
  }

  /**
   * Makes the container; one that an earlier attempt made and never started is made anew. One that
   * ran is what has become of it, and is not started again.
   */
  private UnaryOperator<ContainerState> createOrFind(PayloadContainer container, JsonObject request)
      throws IOException {
    Containers containers = host.engine().containers();
    String engineName = engineName(container.name());
    try {
      String id = containers.create(engineName, request);
      return c -> c.created(id);
    } catch (EngineException e) {
      Container there = e.conflict() ? containers.inspect(engineName) : null;
      if (there == null || !host.owns(there, task.arn(), container.name())) {
        throw e;
      }
      if (there.running() || there.ended()) {
        host.output().follow(task, container, there.id());
        Instant now = now();
        return c -> c.created(there.id()).seen(there, now);
      }
      containers.remove(there.id());
      String id = containers.create(engineName, request);
      return c -> c.created(id);
    }
  }

  private UnaryOperator<TaskState> start(String name, Supplier<TaskState> state) {
    ContainerState known = state.get().container(name);
    String id = known.runtimeId() == null ? engineName(name) : known.runtimeId();
    String refusal = known.everStarted() ? null : images.refusal(container(name));
    if (refusal != null) {
      return unmade(name, id, refusal);
    }
    String unlogged = new OutputSteps(host, task).open(container(name), id);
    if (unlogged != null) {
      return ended(name, unlogged);
    }
    if (state.get().executionStoppedAt() != null) {
      // The task was stopped while its registry was asked, which takes what it takes.
      return s -> s.with(name, c -> c.working(false));
    }
    try {
      group.place();
      host.engine().containers().start(id);
    } catch (IOException e) {
      String reason = "CannotStartContainerError: " + told(e);
      // One that ran before keeps what it wrote.
      return known.everStarted() ? ended(name, reason) : unmade(name, id, reason);
    }
    host.output().follow(task, container(name), id);
    for (int i = 0; ; i++) {
      try {
        Container seen = host.engine().containers().inspect(id);
        Instant now = now();
        return s -> s.with(name, c -> c.seen(seen, now));
      } catch (IOException e) {
        if (i == PATIENCE) {
          return unmade(name, id, "CannotStartContainerError: " + told(e));
        }
        LockSupport.parkNanos(AGAIN.toNanos());
      }
    }
  }

  /** Ends a container that is not to run, or whose start nobody answered; nothing is left of it. */
  private UnaryOperator<TaskState> unmade(String name, String id, String reason) {
    for (int i = 0; i < PATIENCE; i++) {
      try {
        host.engine().containers().remove(id);
        return ended(name, reason);
      } catch (IOException e) {
        LOG.log(Level.WARNING, "a container that is not to run is there: {0}", e.getMessage());
        LockSupport.parkNanos(AGAIN.toNanos());
      }
    }
    return ended(name, reason);
  }

  private UnaryOperator<TaskState> stop(String name, ContainerState known, Duration patience) {
    String id = known.runtimeId() == null ? engineName(name) : known.runtimeId();
    try {
      host.engine().containers().stop(id, patience);
      Container seen = host.engine().containers().inspect(id);
      Instant now = now();
      return s -> s.with(name, c -> c.seen(seen, now));
    } catch (EngineException e) {
      if (e.notFound()) {
        return s -> s.with(name, c -> c.seen(null, now()));
      }
      return later(name);
    } catch (IOException e) {
      return later(name);
    }
  }

  private UnaryOperator<TaskState> release() {
    secretValues = Map.of();
    try {
      TaskNetwork network = host.networks().find(task.arn());
      if (PauseContainer.wanted(task)) {
        pause.remove();
      }
      if (network != null) {
        host.gates().close(network);
        host.networks().remove(task.arn());
      }
      group.leave();
      return TaskState::emptied;
    } catch (IOException e) {
      LOG.log(Level.WARNING, "network of {0} not removed: {1}", new Object[] {task.arn(), e});
      LockSupport.parkNanos(AGAIN.toNanos());
      return s -> s.working(false);
    }
  }

  /** The engine is away: what it was asked is asked again after a while. */
  private static UnaryOperator<TaskState> later(String name) {
    LockSupport.parkNanos(AGAIN.toNanos());
    return s -> s.with(name, c -> c.working(false));
  }

  /** Removes containers and volumes; what does not exist is as good as removed. */
  void cleanUp(TaskState state) throws IOException {
    host.output().finish(task.arn(), LAST_WORDS);
    Containers containers = host.engine().containers();
    for (PayloadContainer container : task.containers()) {
      String id = state.container(container.name()).runtimeId();
      Container there = containers.inspect(id == null ? engineName(container.name()) : id);
      if (there != null && host.owns(there, task.arn(), container.name())) {
        containers.remove(there.id());
      }
    }
    pause.remove();
    volumes.remove();
    group.remove();
  }

  private Instant now() {
    return host.clock().instant();
  }

  /** The region that the task lives in, which its ARN names. */
  private String region() {
    return Arn.parse(task.arn())
        .map(Arn::region)
        .filter(r -> !r.isEmpty())
        .orElse(host.settings().region());
  }

  private String key() {
    return Hashes.sha256Hex(host.settings().installation() + "/" + task.arn()).substring(0, 16);
  }

  String engineName(String container) {
    String family = task.family() == null ? "task" : task.family();
    String version = task.version() == null ? "0" : task.version();
    return "ecs-" + family + "-" + version + "-" + container + "-" + key();
  }
}
