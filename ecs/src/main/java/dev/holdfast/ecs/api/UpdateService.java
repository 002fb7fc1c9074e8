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
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
        Names.demand("ecs:UpdateService", key)
            .key("ecs:propagate-tags", in.propagateTags())
            .key("ecs:enable-ecs-managed-tags", CreateService.text(in.enableECSManagedTags()))
            .key("ecs:enable-execute-command", CreateService.text(in.enableExecuteCommand()));
    Demand judged =
        in.taskDefinition() == null
            ? deps.state().read(view -> standing(view, call, key, demand))
            : ServiceLookup.definition(demand, call, in.taskDefinition(), definition);
    Demand whole = deps.state().read(view -> changing(view, call, in, key, judged));
    return Names.passing(
        Access.of(whole),
        definition.map(d -> ServiceLookup.roles(call, d.spec())).orElse(List.of()),
        key.arn());
  }

  /** The definition that the service has and goes on to have. */
  private static Demand standing(View view, Call call, Service.Key key, Demand demand) {
    Service service = key.account().equals(call.account()) ? Services.find(view, key) : null;
    var primary = service == null ? null : service.primary();
    ServiceRevision now = primary == null ? null : Services.revision(view, key, primary.id());
    if (now == null) {
      return demand;
    }
    String text = now.definition().arn().toString();
    return ServiceLookup.definition(demand, call, text, ServiceLookup.judged(view, call, text));
  }

  private static @Nullable String launchType(View view, Call call, Service.Key key) {
    Service service = key.account().equals(call.account()) ? Services.find(view, key) : null;
    return service == null ? null : service.settings().echoed().string("launchType");
  }

  /** What the request changes; what it leaves alone is not judged again. */
  private static Demand changing(
      View view, Call call, UpdateServiceRequest in, Service.Key key, Demand demand) {
    Demand with = demand;
    if (in.has("capacityProviderStrategy")) {
      // Taken away, it leaves the service's launch type, or else the cluster's own strategy.
      with =
          LaunchKeys.providers(
              with,
              view,
              call,
              key.clusterKey(),
              in.capacityProviderStrategy(),
              launchType(view, call, key));
    }
    if (in.networkConfiguration() != null) {
      with = LaunchKeys.network(with, in.networkConfiguration());
    }
    if (in.serviceConnectConfiguration() != null) {
      with =
          LaunchKeys.connect(with, view, call, key.clusterKey(), in.serviceConnectConfiguration());
    }
    if (!in.volumeConfigurations().isEmpty()) {
      with = LaunchKeys.given(with, "ecs:enable-ebs-volumes", in.volumeConfigurations());
    }
    return in.vpcLatticeConfigurations().isEmpty()
        ? with
        : LaunchKeys.given(with, "ecs:enable-vpc-lattice", in.vpcLatticeConfigurations());
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
    ServiceLookup.checkCaller(starter, before.key(), now.environment().name());
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
