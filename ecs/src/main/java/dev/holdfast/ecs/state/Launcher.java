// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.state;

import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.ContainerSpec;
import dev.holdfast.ecs.model.ContainerState;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Host;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskDefinition;
import dev.holdfast.ecs.model.TaskSpec;
import dev.holdfast.ecs.model.TaskStatus;
import dev.holdfast.ecs.plan.Placement;
import dev.holdfast.ecs.plan.PlacementRule;
import dev.holdfast.ecs.plan.TaskSize;
import dev.holdfast.ecs.port.EcsDependencies;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Ids;
import dev.holdfast.service.Tags;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Starts tasks: RunTask and the scheduler of services go this one way. */
public final class Launcher implements AutoCloseable {
  private final EcsDependencies deps;
  private final Connections connections;
  private final Overview overview;
  private final ImageRules images;
  private final Launching launching;

  public Launcher(EcsDependencies deps, Connections connections) {
    this.deps = deps;
    this.connections = connections;
    this.overview = new Overview(deps.state(), deps.host(), connections);
    this.images = new ImageRules(deps.images());
    this.launching = new Launching(deps.parameters(), deps.secrets(), deps.roles());
  }

  /** Ids drawn before the transaction, which may run more than once: four a task. */
  public record Drawn(List<String> ids, String instance) {
    /** Ids for so many tasks. */
    public static Drawn of(SecureRandom random, int tasks) {
      var ids = new ArrayList<String>();
      for (int i = 0; i < tasks * 4; i++) {
        ids.add(Ids.uuid(random));
      }
      return new Drawn(ids, Ids.hex(random, 16));
    }

    /** Without the ids of so many tasks. */
    public Drawn from(int task) {
      return new Drawn(ids.subList(task * 4, ids.size()), instance);
    }

    List<String> of(int task) {
      return ids.subList(task * 4, task * 4 + 4);
    }
  }

  /**
   * What is to be started.
   *
   * @param spec the definition's with the overrides applied
   * @param images what {@link #images} chose
   */
  public record Wanted(
      Cluster.Key cluster,
      TaskSpec spec,
      List<ImageRules.Chosen> images,
      Task.Environment environment,
      Task.Launch launch,
      Map<String, String> tags,
      Rules rules) {
    /** Placed where the most memory is free, by the definition's own constraints. */
    public Wanted(
        Cluster.Key cluster,
        TaskSpec spec,
        List<ImageRules.Chosen> images,
        Task.Environment environment,
        Task.Launch launch,
        Map<String, String> tags) {
      this(cluster, spec, images, environment, launch, tags, Rules.NONE);
    }

    /** The same on other capacity. */
    public Wanted on(String launchType, Task.Ground ground) {
      var other =
          new Task.Launch(
              launch.definition(),
              launch.group(),
              launch.startedBy(),
              launchType,
              launch.overrides(),
              launch.cpu(),
              launch.memory(),
              launch.enableExecuteCommand(),
              ground);
      return new Wanted(cluster, spec, images, environment, other, tags, rules);
    }
  }

  /** How a request wants its tasks placed, beside what the definition says. */
  public record Rules(
      List<PlacementRule.Constraint> constraints, List<PlacementRule.Strategy> strategies) {
    public static final Rules NONE = new Rules(List.of(), List.of());
  }

  /** What is to be started, with all that it needs. */
  public record Order(Wanted wanted, List<Task.ResolvedSecret> secrets) {
    /** The same on other capacity. */
    public Order on(String launchType, Task.Ground ground) {
      return new Order(wanted.on(launchType, ground), secrets);
    }
  }

  /** What was started, and why the rest was not, a reason for each instance and task. */
  public record Placed(List<Task> tasks, List<Placement.Unfit> unfit, boolean noInstances) {}

  /** Chooses the images, and keeps what a tag means from now on. */
  public List<ImageRules.Chosen> images(Tx tx, Starter starter, TaskDefinition definition) {
    List<ImageRules.Chosen> chosen = images.choose(tx, starter, definition);
    ImageRules.pin(tx, definition, chosen);
    return chosen;
  }

  /** Refuses roles that cannot be, or images that cannot be pulled, and resolves the secrets. */
  public Order prepare(View view, Starter starter, Wanted wanted) {
    TaskSpec spec = wanted.spec();
    Task.Environment environment = wanted.environment();
    launching.checkCaller(starter, environment);
    Arn executionRole = Launching.role(starter, spec.executionRoleArn());
    launching.checkRole(view, starter, Launching.role(starter, spec.taskRoleArn()), environment);
    launching.checkRole(view, starter, executionRole, environment);
    for (ImageRules.Chosen image : wanted.images()) {
      if (image.digest() != null && executionRole == null) {
        throw EcsError.INVALID_PARAMETER.because(
            "the image of the container %s is pulled with the task's execution role, and the task"
                + " has none: set `executionRoleArn`",
            image.container());
      }
    }
    return new Order(wanted, launching.secrets(view, starter, spec, environment.name()));
  }

  /**
   * Places and books so many tasks.
   *
   * @param only the ARN of the only container instance that may take one, or null for any
   */
  public Placed place(
      Tx tx, Starter starter, Order order, Drawn drawn, int count, @Nullable String only) {
    Wanted wanted = order.wanted();
    return overview.with(
        wanted.cluster(),
        host -> fresh(starter, wanted.cluster(), drawn, host),
        sight -> {
          var choice = new Choice(tx, wanted.cluster(), sight, deps.host(), deps.random(), only);
          var tasks = new ArrayList<Task>();
          var unfit = new ArrayList<Placement.Unfit>();
          boolean none = false;
          for (int i = 0; i < count; i++) {
            Task.Key key = key(wanted.cluster(), drawn, i);
            switch (choice.of(wish(wanted, key))) {
              case Placement.Outcome.Unplaceable(var reasons) -> {
                unfit.addAll(reasons);
                none |= reasons.isEmpty();
              }
              case Placement.Outcome.Placed(var arn, var host) -> {
                tx.put(EcsTables.HOSTS, Table.PLATFORM, host.id(), host);
                tasks.add(put(tx, starter, order, key, choice.instance(arn), drawn.of(i)));
              }
            }
          }
          return new Placed(tasks, unfit, none);
        });
  }

  private static Task.Key key(Cluster.Key cluster, Drawn drawn, int task) {
    String id = drawn.of(task).getFirst().replace("-", "");
    return new Task.Key(cluster.account(), cluster.region(), cluster.name(), id);
  }

  private static Placement.Wish wish(Wanted wanted, Task.Key task) {
    var booking = new Host.Booking(task.arn().toString(), TaskSize.of(wanted.spec()));
    return Placement.Wish.of(booking, wanted.spec(), wanted.launch().group())
        .with(wanted.rules().constraints(), wanted.rules().strategies());
  }

  private ContainerInstance fresh(Starter starter, Cluster.Key cluster, Drawn drawn, Host host) {
    return Candidates.fresh(
        cluster,
        new Candidates.Local(deps.host(), connections, drawn.instance(), starter.now()),
        host);
  }

  /**
   * The instances that may take tasks of a cluster now; the platform's own among them where they
   * are some already, or their agents listen.
   */
  public List<Placement.Candidate> candidates(Starter starter, Cluster.Key cluster, Drawn drawn) {
    return overview.with(
        cluster,
        host -> fresh(starter, cluster, drawn, host),
        sight ->
            sight.roster().all().stream()
                .filter(c -> c.connected() || !sight.offered().containsKey(c.instance()))
                .toList());
  }

  /** The instances on a host, those that were taken out of their clusters too. */
  public List<ContainerInstance.Key> on(String host) {
    return overview.on(host);
  }

  /** Lets go of what it knows of the instances. */
  @Override
  public void close() {
    overview.close();
  }

  private static Task put(
      Tx tx,
      Starter starter,
      Order order,
      Task.Key key,
      ContainerInstance instance,
      List<String> ids) {
    Wanted wanted = order.wanted();
    TaskSpec spec = wanted.spec();
    var task =
        new Task(
            key,
            wanted.launch(),
            new Task.Placement(instance.key().id(), instance.host()),
            wanted.environment(),
            order.secrets(),
            new Task.Credentials(
                text(Launching.role(starter, spec.taskRoleArn())),
                ids.get(1),
                text(Launching.role(starter, spec.executionRoleArn())),
                ids.get(2),
                List.of()),
            TaskStatus.placed(starter.now()),
            containers(wanted, ids.get(3)),
            starter.notes());
    tx.put(EcsTables.TASKS, key.account(), key, task);
    Announce.task(tx, task, starter.now());
    Tags.add(tx, key.account(), key.arn(), wanted.tags());
    return task;
  }

  private static @Nullable String text(@Nullable Arn arn) {
    return arn == null ? null : arn.toString();
  }

  private static List<ContainerState> containers(Wanted wanted, String seed) {
    var containers = new ArrayList<ContainerState>();
    for (ContainerSpec spec : wanted.spec().containerDefinitions()) {
      ImageRules.Chosen image =
          wanted.images().stream()
              .filter(c -> c.container().equals(spec.label()))
              .findFirst()
              .orElseThrow();
      containers.add(
          new ContainerState(
              spec.label(),
              id(seed, containers.size()),
              image.image(),
              image.pull(),
              spec.isEssential(),
              spec.healthCheck() != null,
              image.digest(),
              null,
              TaskStatus.Last.PENDING,
              null,
              null,
              null,
              List.of()));
    }
    return containers;
  }

  /** A UUID of its own for each container of the task, out of the one that was drawn. */
  private static String id(String seed, int place) {
    int end = seed.length() - 3;
    int last = (Integer.parseInt(seed.substring(end), 16) + place) & 0xfff;
    return seed.substring(0, end) + String.format(Locale.ROOT, "%03x", last);
  }
}
