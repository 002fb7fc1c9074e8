// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.CreateServiceRequest;
import dev.holdfast.aws.ecs.CreateServiceResponse;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.ServiceRevision;
import dev.holdfast.ecs.model.TaskDefinition;
import dev.holdfast.ecs.port.EcsDependencies;
import dev.holdfast.ecs.state.Deploying;
import dev.holdfast.ecs.state.Services;
import dev.holdfast.ecs.state.Starter;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.ClientTokens;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes a service: from now on its scheduler keeps its tasks running. */
public final class CreateService implements Operation<CreateServiceRequest, CreateServiceResponse> {
  private static final String NAME = "CreateService";

  /** AWS's quota for a cluster. */
  private static final int MOST_SERVICES = 5000;

  private final EcsDependencies deps;
  private final Deploying deploying;

  public CreateService(EcsDependencies deps, Deploying deploying) {
    this.deps = deps;
    this.deploying = deploying;
  }

  @Override
  public OperationModel<CreateServiceRequest, CreateServiceResponse> model() {
    return EcsModel.CREATE_SERVICE;
  }

  @Override
  public Access access(Call call, CreateServiceRequest in) {
    Service.Key key = Names.service(Names.cluster(call, in.cluster()), in.serviceName());
    Optional<TaskDefinition> definition =
        deps.state().read(view -> ServiceLookup.judged(view, call, in.taskDefinition()));
    var demand =
        ServiceLookup.definition(
            Names.demand("ecs:CreateService", key)
                .key("ecs:propagate-tags", in.propagateTags() == null ? "NONE" : in.propagateTags())
                .key(
                    "ecs:enable-ecs-managed-tags",
                    Boolean.toString(Boolean.TRUE.equals(in.enableECSManagedTags())))
                .key(
                    "ecs:enable-execute-command",
                    Boolean.toString(Boolean.TRUE.equals(in.enableExecuteCommand())))
                .made(TagRequests.map(in.tags())),
            call,
            in.taskDefinition(),
            definition);
    Demand whole = deps.state().read(view -> launching(view, call, in, key, demand));
    return Names.passing(
        TagRequests.creating(Access.of(whole), NAME, key.arn(), in.tags()),
        definition.map(d -> ServiceLookup.roles(call, d.spec())).orElse(List.of()),
        key.arn());
  }

  private static Demand launching(
      View view, Call call, CreateServiceRequest in, Service.Key key, Demand demand) {
    Cluster.Key cluster = key.clusterKey();
    Demand with =
        LaunchKeys.providers(
            demand, view, call, cluster, in.capacityProviderStrategy(), in.launchType());
    with = LaunchKeys.network(with, in.networkConfiguration());
    with = LaunchKeys.connect(with, view, call, cluster, in.serviceConnectConfiguration());
    with = LaunchKeys.given(with, "ecs:enable-ebs-volumes", in.volumeConfigurations());
    return LaunchKeys.given(with, "ecs:enable-vpc-lattice", in.vpcLatticeConfigurations());
  }

  static @Nullable String text(@Nullable Boolean value) {
    return value == null ? null : value.toString();
  }

  @Override
  public CreateServiceResponse handle(Call call, CreateServiceRequest in) {
    ServiceRequests.check(in);
    var settings = ServiceRequests.settings(in);
    TagRequests.checked(in.tags());
    var drawn = Deploying.Drawn.of(deps.random());
    return deps.state()
        .commit(
            call,
            tx -> {
              Cluster.Key cluster = Names.cluster(call, in.cluster());
              ServiceLookup.mine(call, cluster);
              var key =
                  new Service.Key(
                      cluster.account(), cluster.region(), cluster.name(), in.serviceName());
              Service service = again(tx, call, in, key);
              if (service == null) {
                service = create(tx, call, in, Names.active(tx, cluster).key(), settings, drawn);
              }
              return CreateServiceResponse.builder()
                  .service(ServiceWire.service(tx, service, TagRequests.of(tx, call, key.arn())))
                  .build();
            });
  }

  /** The service that the same request made before, or null. */
  private static @Nullable Service again(
      Tx tx, Call call, CreateServiceRequest in, Service.Key key) {
    if (in.clientToken() == null) {
      return null;
    }
    var earlier = ClientTokens.earlier(tx, call, NAME, in.clientToken(), in);
    if (earlier.isEmpty()) {
      return null;
    }
    return switch (earlier.get()) {
      case ClientTokens.Earlier.Different(var arns) ->
          throw new ApiError(
              EcsError.INVALID_PARAMETER,
              "Creation of service was not idempotent.",
              Map.of("resourceIds", arns));
      case ClientTokens.Earlier.Same _ -> Services.find(tx, key);
    };
  }

  private Service create(
      Tx tx,
      Call call,
      CreateServiceRequest in,
      Cluster.Key cluster,
      Service.Settings settings,
      Deploying.Drawn drawn) {
    var key =
        new Service.Key(cluster.account(), cluster.region(), cluster.name(), in.serviceName());
    makeRoom(tx, key);
    TaskDefinition definition =
        ServiceLookup.definition(tx, call, String.valueOf(in.taskDefinition()));
    Tags.add(tx, key.account(), key.arn(), TagRequests.map(in.tags()));
    var bare =
        new Service(
            key,
            Service.Status.ACTIVE,
            in.desiredCount() == null ? 0 : in.desiredCount(),
            settings,
            List.of(),
            Service.Progress.begun(drawn.deployment()),
            call.now(),
            call.principal().arn().toString());
    ServiceRevision revision =
        deploying.revise(
            tx,
            Starter.of(call, deps.guardrails()),
            bare,
            definition,
            ServiceRequests.how(ServiceRequests.launch(in)),
            drawn);
    ServiceRequests.checkKind(settings.daemon(), revision);
    Service service = Deploying.begin(tx, bare, revision, drawn, true);
    Services.put(tx, null, service, call.now());
    if (in.clientToken() != null) {
      ClientTokens.remember(tx, call, NAME, in.clientToken(), in, List.of(key.arn().toString()));
    }
    return service;
  }

  private static void makeRoom(Tx tx, Service.Key key) {
    Service before = Services.find(tx, key);
    if (before != null) {
      switch (before.status()) {
        case ACTIVE ->
            throw EcsError.INVALID_PARAMETER.because("Creation of service was not idempotent.");
        case DRAINING ->
            throw EcsError.INVALID_PARAMETER.because(
                "Unable to Start a service that is still Draining.");
        case INACTIVE -> Services.forget(tx, key);
      }
    }
    if (Services.active(tx, key.clusterKey()) >= MOST_SERVICES) {
      throw EcsError.INVALID_PARAMETER.because(
          "The maximum number of services for a cluster is %d.", MOST_SERVICES);
    }
  }
}
