// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.UpdateServiceRequest;
import dev.holdfast.aws.ecs.UpdateServiceResponse;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.ServiceRevision;
import dev.holdfast.ecs.model.TaskDefinition;
import dev.holdfast.ecs.port.EcsDependencies;
import dev.holdfast.ecs.state.Deploying;
import dev.holdfast.ecs.state.Services;
import dev.holdfast.ecs.state.Starter;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.store.Tx;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Changes what a service wants: its count and settings at once, its revision by a new deployment.
 */
public final class UpdateService implements Operation<UpdateServiceRequest, UpdateServiceResponse> {
  private final EcsDependencies deps;
  private final Deploying deploying;

  public UpdateService(EcsDependencies deps, Deploying deploying) {
    this.deps = deps;
    this.deploying = deploying;
  }

  @Override
  public OperationModel<UpdateServiceRequest, UpdateServiceResponse> model() {
    return EcsModel.UPDATE_SERVICE;
  }

  @Override
  public Access access(Call call, UpdateServiceRequest in) {
    Service.Key key = Names.service(Names.cluster(call, in.cluster()), in.service());
    Optional<TaskDefinition> definition =
        deps.state().read(view -> ServiceLookup.judged(view, call, in.taskDefinition()));
    var demand =
        ServiceLookup.definition(
            Names.demand("ecs:UpdateService", key)
                .key("ecs:propagate-tags", in.propagateTags())
                .key("ecs:enable-ecs-managed-tags", CreateService.text(in.enableECSManagedTags()))
                .key("ecs:enable-execute-command", CreateService.text(in.enableExecuteCommand())),
            call,
            in.taskDefinition(),
            definition);
    return Names.passing(
        Access.of(demand),
        definition.map(d -> ServiceLookup.roles(call, d.spec())).orElse(List.of()));
  }

  @Override
  public UpdateServiceResponse handle(Call call, UpdateServiceRequest in) {
    Service.Key key = ServiceLookup.key(call, in.cluster(), in.service());
    ServiceLookup.mine(call, key.clusterKey());
    ServiceRequests.check(in);
    var drawn = Deploying.Drawn.of(deps.random());
    return deps.state()
        .commit(
            call,
            tx -> {
              Service before = ServiceLookup.service(tx, key);
              if (before.status() != Service.Status.ACTIVE) {
                throw EcsError.SERVICE_NOT_ACTIVE.because("Service was not ACTIVE.");
              }
              Service after = update(tx, call, in, before, drawn);
              Services.put(tx, before, after, call.now());
              return UpdateServiceResponse.builder()
                  .service(ServiceWire.service(tx, after, TagRequests.of(tx, call, key.arn())))
                  .build();
            });
  }

  private Service update(
      Tx tx, Call call, UpdateServiceRequest in, Service before, Deploying.Drawn drawn) {
    Integer count = in.desiredCount();
    if (before.settings().daemon() && count != null && count != before.desiredCount()) {
      throw EcsError.INVALID_PARAMETER.because("%s", ServiceRequests.NO_COUNT);
    }
    Service changed =
        before.with(
            count == null ? before.desiredCount() : count,
            ServiceRequests.settings(before.settings(), in));
    if (!changed.equals(before)) {
      changed = changed.with(changed.progress().steady(false));
    }
    ServiceRevision now =
        Objects.requireNonNull(
            Services.revision(tx, before.key(), Objects.requireNonNull(before.primary()).id()));
    TaskDefinition definition =
        in.taskDefinition() == null
            ? Deploying.definition(tx, now)
            : ServiceLookup.definition(tx, call, in.taskDefinition());
    JsonObject how =
        ServiceRequests.how(
            before,
            now.how(),
            ServiceRequests.launch(in),
            !Names.active(tx, before.key().clusterKey()).defaultStrategy().isEmpty());
    Starter starter = Starter.of(call, deps.guardrails());
    ServiceLookup.checkCaller(starter, now.environment().name());
    boolean forced = Boolean.TRUE.equals(in.forceNewDeployment());
    ServiceRequests.checkCapacity(now.how(), how, forced);
    if (!forced && definition.key().equals(now.definition()) && how.equals(now.how())) {
      return changed;
    }
    ServiceRevision next = deploying.revise(tx, starter, changed, definition, how, drawn);
    ServiceRequests.checkKind(changed.settings().daemon(), next);
    Service begun =
        changed.with(
            changed.desiredCount(),
            ServiceRequests.remembering(changed.settings(), now.how(), next.how()));
    return Deploying.begin(tx, begun, next, drawn, false);
  }
}
