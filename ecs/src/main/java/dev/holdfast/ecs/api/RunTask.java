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
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskDefinition;
import dev.holdfast.ecs.model.TaskSpec;
import dev.holdfast.ecs.plan.Overrides;
import dev.holdfast.ecs.plan.Placement;
import dev.holdfast.ecs.plan.TaskSize;
import dev.holdfast.ecs.port.EcsDependencies;
import dev.holdfast.ecs.state.Capacity;
import dev.holdfast.ecs.state.ImageRules;
import dev.holdfast.ecs.state.LaunchRules;
import dev.holdfast.ecs.state.Launcher;
import dev.holdfast.ecs.state.Launching;
import dev.holdfast.ecs.state.Starter;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.ClientTokens;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;
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
  private final Launcher launcher;

  public RunTask(EcsDependencies deps, Launcher launcher) {
    this.deps = deps;
    this.launcher = launcher;
  }

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
    var access = Access.of(running(call, in, name.arn(), cluster, definition.orElse(null)));
    if (!cluster.account().equals(call.account())) {
      access = access.and(Demand.on("ecs:RunTask", cluster.arn()));
    }
    Arn tasks = Arn.of("ecs", cluster.region(), cluster.account(), "task/" + cluster.name() + "/*");
    return Names.passing(
        TagRequests.creating(access, NAME, tasks, in.tags()),
        passed(call, in, definition.map(TaskDefinition::spec).orElse(null)),
        tasks);
  }

  /** Running tasks of a definition, with what policies may judge of them. */
  private Demand running(
      Call call,
      RunTaskRequest in,
      Arn named,
      Cluster.Key cluster,
      @Nullable TaskDefinition definition) {
    TaskSpec spec = definition == null ? null : definition.spec();
    var over = in.overrides();
    String cpu = over == null ? null : over.cpu();
    String memory = over == null ? null : over.memory();
    Demand demand =
        Demand.on("ecs:RunTask", definition == null ? named : definition.key().arn())
            .key("ecs:cluster", cluster.arn().toString())
            .key("ecs:enable-execute-command", CreateService.text(in.enableExecuteCommand()))
            .key("ecs:task-cpu", TaskSize.cpuKey(cpu != null || spec == null ? cpu : spec.cpu()))
            .key(
                "ecs:task-memory",
                TaskSize.memoryKey(memory != null || spec == null ? memory : spec.memory()))
            .requestTags(TagRequests.map(in.tags()));
    demand = LaunchKeys.given(demand, "ecs:enable-ebs-volumes", in.volumeConfigurations());
    Demand bare = demand;
    return deps.state()
        .read(
            view ->
                LaunchKeys.providers(
                    bare, view, call, cluster, in.capacityProviderStrategy(), in.launchType()));
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
    var drawn = Launcher.Drawn.of(deps.random(), RunRequest.count(in.count()));
    return deps.state().commit(call, tx -> run(tx, call, in, drawn));
  }

  private RunTaskResponse run(Tx tx, Call call, RunTaskRequest in, Launcher.Drawn drawn) {
    String token = in.clientToken();
    if (token != null) {
      var earlier = ClientTokens.earlier(tx, call, NAME, token, in);
      if (earlier.isPresent()) {
        return again(tx, call, earlier.get());
      }
    }
    Placed placed = place(tx, call, in, drawn);
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

  private Launcher.Order prepared(Tx tx, Call call, RunTaskRequest in) {
    Cluster.Key cluster = mine(call, in);
    Names.active(tx, cluster);
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
    Starter starter = Starter.of(call, deps.guardrails());
    List<ImageRules.Chosen> chosen = launcher.images(tx, starter, definition);
    Task.Environment environment =
        Launching.environment(
            tx,
            starter,
            new Launching.Given(TagRequests.map(in.tags()), "task"),
            definition.key(),
            cluster.arn());
    return launcher.prepare(
        tx,
        starter,
        new Launcher.Wanted(
            cluster,
            spec,
            chosen,
            environment,
            launch(in, definition.key(), spec, overrides),
            tags(tx, call, in, cluster, definition.key()),
            LaunchRules.of(Wire.json(in)).rules()));
  }

  private record Placed(List<Task> tasks, List<Failure> failures) {}

  private Placed place(Tx tx, Call call, RunTaskRequest in, Launcher.Drawn drawn) {
    Launcher.Order order = prepared(tx, call, in);
    Cluster cluster = Names.active(tx, order.wanted().cluster());
    var tasks = new ArrayList<Task>();
    var failures = new ArrayList<Failure>();
    int before = 0;
    for (Capacity.Share share :
        Capacity.divide(
            cluster,
            order.wanted().spec(),
            LaunchRules.of(Wire.json(in)).asked(),
            RunRequest.count(in.count()))) {
      RunRequest.checkPlacement(in, share.launchType());
      Launcher.Placed placed =
          launcher.place(
              tx,
              Starter.of(call, deps.guardrails()),
              order.on(share.launchType(), share.ground()),
              drawn.from(before),
              share.tasks(),
              null);
      if (placed.noInstances()) {
        throw EcsError.INVALID_PARAMETER.because(
            "No Container Instances were found in your cluster.");
      }
      before += share.tasks();
      tasks.addAll(placed.tasks());
      placed.unfit().forEach(u -> failures.add(failure(u)));
    }
    tasks.forEach(task -> call.record().touched(task.key().arn().toString()));
    return new Placed(tasks, failures);
  }

  private static Failure failure(Placement.Unfit unfit) {
    return Failure.builder()
        .arn(unfit.instance())
        .reason(unfit.reason())
        .detail(unfit.detail())
        .build();
  }

  private static Task.Launch launch(
      RunTaskRequest in, TaskDefinition.Key definition, TaskSpec spec, JsonObject overrides) {
    return new Task.Launch(
        definition,
        in.group() == null ? "family:" + definition.family() : in.group(),
        in.startedBy(),
        in.launchType() == null ? "EC2" : in.launchType(),
        overrides,
        spec.cpu(),
        spec.memory(),
        in.enableExecuteCommand());
  }

  private static Map<String, String> tags(
      View view, Call call, RunTaskRequest in, Cluster.Key cluster, TaskDefinition.Key definition) {
    var tags = new LinkedHashMap<String, String>();
    if ("TASK_DEFINITION".equals(in.propagateTags())) {
      tags.putAll(Tags.of(view, call.account(), definition.arn()));
    }
    tags.putAll(TagRequests.map(in.tags()));
    if (Boolean.TRUE.equals(in.enableECSManagedTags())) {
      tags.put("aws:ecs:clusterName", cluster.name());
    }
    return tags;
  }
}
