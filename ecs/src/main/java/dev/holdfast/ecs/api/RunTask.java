// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.Failure;
import dev.holdfast.aws.ecs.RunTaskRequest;
import dev.holdfast.aws.ecs.RunTaskResponse;
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
import dev.holdfast.ecs.plan.Overrides;
import dev.holdfast.ecs.plan.Placement;
import dev.holdfast.ecs.plan.TaskSize;
import dev.holdfast.ecs.port.EcsDependencies;
import dev.holdfast.ecs.state.Connections;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Ids;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.ClientTokens;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Places and starts tasks of one definition: everything they need is resolved in one transaction.
 */
public final class RunTask implements Operation<RunTaskRequest, RunTaskResponse> {
  private static final String NAME = "RunTask";

  private final EcsDependencies deps;
  private final Connections connections;
  private final ImageRules images;
  private final Launching launching;

  public RunTask(EcsDependencies deps, Connections connections) {
    this.deps = deps;
    this.connections = connections;
    this.images = new ImageRules(deps.images(), deps.guardrails());
    this.launching =
        new Launching(deps.parameters(), deps.secrets(), deps.roles(), deps.guardrails());
  }

  /** Ids drawn before the transaction, which may run more than once. */
  private record Drawn(List<String> ids, String instance) {
    String next(int place) {
      return ids.get(place);
    }
  }

  /** Everything that all tasks of the call share. */
  private record Run(
      Call call,
      RunTaskRequest in,
      Cluster.Key cluster,
      TaskDefinition definition,
      TaskSpec spec,
      List<ImageRules.Chosen> images,
      Task.Environment environment,
      List<Task.ResolvedSecret> secrets) {}

  @Override
  public OperationModel<RunTaskRequest, RunTaskResponse> model() {
    return EcsModel.RUN_TASK;
  }

  @Override
  public Access access(Call call, RunTaskRequest in) {
    Cluster.Key cluster = Names.cluster(call, in.cluster());
    var name = Names.definition(call, in.taskDefinition());
    // Of another account nothing is looked up: what is refused must not tell what there is.
    Optional<TaskDefinition> definition =
        name.account().equals(call.account())
            ? deps.state().read(view -> Names.find(view, name))
            : Optional.empty();
    Arn arn = definition.map(d -> d.key().arn()).orElseGet(name::arn);
    var access =
        Access.of(
            Demand.on("ecs:RunTask", arn)
                .key("ecs:cluster", cluster.arn().toString())
                .requestTags(TagRequests.map(in.tags())));
    if (!cluster.account().equals(call.account())) {
      access = access.and(Demand.on("ecs:RunTask", cluster.arn()));
    }
    access =
        TagRequests.creating(
            access,
            NAME,
            Arn.of("ecs", cluster.region(), cluster.account(), "task/" + cluster.name() + "/*"),
            in.tags());
    return Names.passing(
        access, passed(call, in, definition.map(TaskDefinition::spec).orElse(null)));
  }

  private static List<Arn> passed(Call call, RunTaskRequest in, @Nullable TaskSpec spec) {
    var over = in.overrides();
    return Stream.of(
            Names.role(call, over == null ? null : over.taskRoleArn()),
            Names.role(call, over == null ? null : over.executionRoleArn()),
            Names.role(call, spec == null ? null : spec.taskRoleArn()),
            Names.role(call, spec == null ? null : spec.executionRoleArn()))
        .filter(Objects::nonNull)
        .toList();
  }

  @Override
  public RunTaskResponse handle(Call call, RunTaskRequest in) {
    RunRequest.check(in);
    TagRequests.checked(in.tags());
    var ids = new ArrayList<String>();
    for (int i = 0; i < RunRequest.count(in.count()) * 4; i++) {
      ids.add(Ids.uuid(deps.random()));
    }
    var drawn = new Drawn(ids, Ids.hex(deps.random(), 16));
    return deps.state().commit(call, tx -> run(tx, call, in, drawn));
  }

  private RunTaskResponse run(Tx tx, Call call, RunTaskRequest in, Drawn drawn) {
    String token = in.clientToken();
    if (token != null) {
      var earlier = ClientTokens.earlier(tx, call, NAME, token, in);
      if (earlier.isPresent()) {
        return again(tx, call, earlier.get());
      }
    }
    Run run = prepared(tx, call, in);
    Placed placed = place(tx, run, drawn);
    if (token != null) {
      ClientTokens.remember(
          tx,
          call,
          NAME,
          token,
          in,
          placed.tasks().stream().map(t -> t.key().arn().toString()).toList());
    }
    return RunTaskResponse.builder()
        .tasks(placed.tasks().stream().map(t -> shape(tx, call, t)).toList())
        .failures(placed.failures())
        .build();
  }

  private static dev.holdfast.aws.ecs.Task shape(View view, Call call, Task task) {
    return Wire.task(view, task).toBuilder()
        .tags(TagRequests.of(view, call, task.key().arn()))
        .build();
  }

  private static RunTaskResponse again(Tx tx, Call call, ClientTokens.Earlier earlier) {
    return switch (earlier) {
      case ClientTokens.Earlier.Different(var arns) ->
          throw new ApiError(
              EcsError.CONFLICT,
              "The client token was used by another request, which made other tasks.",
              Map.of("resourceIds", arns));
      case ClientTokens.Earlier.Same(var arns) ->
          RunTaskResponse.builder()
              .tasks(
                  arns.stream()
                      .map(arn -> Names.task(Names.cluster(call, null), arn))
                      .map(key -> tx.get(EcsTables.TASKS, key.account(), key))
                      .filter(Objects::nonNull)
                      .map(task -> shape(tx, call, task))
                      .toList())
              .failures(List.of())
              .build();
    };
  }

  /** The cluster, which lies where the call is: what the task needs is looked up there. */
  private static Cluster.Key mine(Call call, RunTaskRequest in) {
    Cluster.Key cluster = Names.cluster(call, in.cluster());
    if (!cluster.account().equals(call.account()) || !cluster.region().equals(call.region())) {
      throw Names.invalid();
    }
    return cluster;
  }

  private Run prepared(Tx tx, Call call, RunTaskRequest in) {
    Cluster.Key cluster = Names.active(tx, mine(call, in)).key();
    TaskDefinition definition =
        Names.find(tx, Names.definition(call, in.taskDefinition()))
            .filter(d -> d.key().account().equals(call.account()))
            .orElseThrow(() -> EcsError.CLIENT.because("TaskDefinition not found."));
    if (definition.status() != TaskDefinition.Status.ACTIVE) {
      throw EcsError.CLIENT.because("TaskDefinition is inactive");
    }
    if (!call.record().touches(definition.key().arn().toString())) {
      // Its roles were not asked for: the family got this revision after the decision.
      throw EcsError.CLIENT.because(
          "The task definition got a new revision while this call was decided; try again.");
    }
    JsonObject overrides = in.overrides() == null ? JsonObject.EMPTY : Wire.json(in.overrides());
    Overrides.fault(overrides, definition.spec())
        .ifPresent(
            fault -> {
              throw Definitions.error(fault);
            });
    TaskSpec spec = Overrides.of(overrides).apply(definition.spec());
    List<ImageRules.Chosen> chosen = images.choose(tx, call, definition);
    ImageRules.pin(tx, definition, chosen);
    Task.Environment environment =
        Launching.environment(
            tx, call, TagRequests.map(in.tags()), definition.key(), cluster.arn());
    launching.checkCaller(call, environment);
    Arn executionRole = Names.role(call, spec.executionRoleArn());
    launching.checkRole(tx, call, Names.role(call, spec.taskRoleArn()), environment);
    launching.checkRole(tx, call, executionRole, environment);
    for (ImageRules.Chosen image : chosen) {
      if (image.digest() != null && executionRole == null) {
        throw EcsError.INVALID_PARAMETER.because(
            "the image of the container %s is pulled with the task's execution role, and the task"
                + " has none: set `executionRoleArn`",
            image.container());
      }
    }
    return new Run(
        call,
        in,
        cluster,
        definition,
        spec,
        chosen,
        environment,
        launching.secrets(tx, call, spec, environment.name()));
  }

  private record Placed(List<Task> tasks, List<Failure> failures) {}

  private Placed place(Tx tx, Run run, Drawn drawn) {
    var candidates =
        Candidates.of(
            tx,
            run.cluster(),
            new Candidates.Local(deps.host(), connections, drawn.instance(), run.call().now()));
    var tasks = new ArrayList<Task>();
    var failures = new ArrayList<Failure>();
    var platform = run.spec().runtimePlatform();
    String architecture = platform == null ? null : platform.cpuArchitecture();
    for (int i = 0; i < RunRequest.count(run.in().count()); i++) {
      var key =
          new Task.Key(
              run.cluster().account(),
              run.cluster().region(),
              run.cluster().name(),
              drawn.next(i * 4).replace("-", ""));
      var wanted = new Host.Booking(key.arn().toString(), TaskSize.of(run.spec()));
      switch (Placement.place(candidates.all(), wanted, architecture)) {
        case Placement.Outcome.Unplaceable(var unfit) -> {
          unfit.forEach(
              u ->
                  failures.add(
                      Failure.builder()
                          .arn(u.instance())
                          .reason(u.reason())
                          .detail(u.detail())
                          .build()));
          if (unfit.isEmpty()) {
            throw EcsError.INVALID_PARAMETER.because(
                "No Container Instances were found in your cluster.");
          }
        }
        case Placement.Outcome.Placed(var arn, var host) -> {
          candidates.booked(host);
          tx.put(EcsTables.HOSTS, Table.PLATFORM, host.id(), host);
          ContainerInstance instance = Objects.requireNonNull(candidates.instance(arn));
          tx.put(EcsTables.INSTANCES, key.account(), instance.key(), instance);
          tasks.add(put(tx, run, key, instance, drawn.ids().subList(i * 4, i * 4 + 4)));
        }
      }
    }
    return new Placed(tasks, failures);
  }

  private static Task put(
      Tx tx, Run run, Task.Key key, ContainerInstance instance, List<String> ids) {
    TaskSpec spec = run.spec();
    var task =
        new Task(
            key,
            launch(run),
            new Task.Placement(instance.key().id(), instance.host()),
            run.environment(),
            run.secrets(),
            new Task.Credentials(
                text(Names.role(run.call(), spec.taskRoleArn())),
                ids.get(1),
                text(Names.role(run.call(), spec.executionRoleArn())),
                ids.get(2),
                List.of()),
            TaskStatus.placed(run.call().now()),
            containers(run, ids.get(3)),
            run.call().record().notes());
    tx.put(EcsTables.TASKS, key.account(), key, task);
    Tags.add(tx, key.account(), key.arn(), tags(tx, run));
    run.call().record().touched(key.arn().toString());
    return task;
  }

  private static @Nullable String text(@Nullable Arn arn) {
    return arn == null ? null : arn.toString();
  }

  private static Task.Launch launch(Run run) {
    RunTaskRequest in = run.in();
    return new Task.Launch(
        run.definition().key(),
        in.group() == null ? "family:" + run.definition().key().family() : in.group(),
        in.startedBy(),
        in.launchType() == null ? "EC2" : in.launchType(),
        in.overrides() == null ? JsonObject.EMPTY : Wire.json(in.overrides()),
        run.spec().cpu(),
        run.spec().memory(),
        in.enableExecuteCommand());
  }

  private static Map<String, String> tags(View view, Run run) {
    var tags = new LinkedHashMap<String, String>();
    if ("TASK_DEFINITION".equals(run.in().propagateTags())) {
      tags.putAll(Tags.of(view, run.call().account(), run.definition().key().arn()));
    }
    tags.putAll(TagRequests.map(run.in().tags()));
    if (Boolean.TRUE.equals(run.in().enableECSManagedTags())) {
      tags.put("aws:ecs:clusterName", run.cluster().name());
    }
    return tags;
  }

  private static List<ContainerState> containers(Run run, String seed) {
    var containers = new ArrayList<ContainerState>();
    for (ContainerSpec spec : run.spec().containerDefinitions()) {
      ImageRules.Chosen image =
          run.images().stream()
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
    return seed.substring(0, end) + String.format(java.util.Locale.ROOT, "%03x", last);
  }
}
