// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.ClusterConfiguration;
import dev.holdfast.aws.ecs.ClusterServiceConnectDefaultsRequest;
import dev.holdfast.aws.ecs.CreateClusterRequest;
import dev.holdfast.aws.ecs.CreateClusterResponse;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;
import dev.holdfast.service.Tags;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes a cluster; one of the same name is answered as it is. */
public final class CreateCluster implements Operation<CreateClusterRequest, CreateClusterResponse> {
  private static final int LONGEST = 8192;

  private final State state;

  public CreateCluster(State state) {
    this.state = state;
  }

  @Override
  public OperationModel<CreateClusterRequest, CreateClusterResponse> model() {
    return EcsModel.CREATE_CLUSTER;
  }

  @Override
  public Access access(Call call, CreateClusterRequest in) {
    var arn = Names.cluster(call, in.clusterName()).arn();
    return TagRequests.creating(
        Access.of(
            storage(Demand.on("ecs:CreateCluster", arn), in.configuration())
                .keys(
                    "ecs:capacity-provider",
                    in.capacityProviders().stream()
                        .map(n -> Providers.key(call, n).arn().toString())
                        .toList())
                .made(TagRequests.map(in.tags()))),
        "CreateCluster",
        arn,
        in.tags());
  }

  /** The key that the cluster's storage is to be sealed with, where one is named. */
  static Demand storage(Demand demand, @Nullable ClusterConfiguration configuration) {
    var storage = configuration == null ? null : configuration.managedStorageConfiguration();
    return demand.key(
        "ecs:fargate-ephemeral-storage-kms-key",
        storage == null ? null : storage.fargateEphemeralStorageKmsKeyId());
  }

  @Override
  public CreateClusterResponse handle(Call call, CreateClusterRequest in) {
    Cluster.Key key = Names.cluster(call, in.clusterName());
    if (!key.name().matches("[a-zA-Z0-9_-]{1,255}")) {
      throw EcsError.INVALID_PARAMETER.because("Cluster name contains invalid characters.");
    }
    JsonObject configuration =
        in.configuration() == null ? null : configuration(in.configuration());
    String namespace =
        in.serviceConnectDefaults() == null ? null : namespace(in.serviceConnectDefaults());
    List<String> providers =
        in.capacityProviders().stream().map(n -> Providers.key(call, n).name()).toList();
    List<Cluster.StrategyItem> strategy = StrategyWire.items(in.defaultCapacityProviderStrategy());
    var tags = TagRequests.checked(in.tags());
    return state.commit(
        call,
        tx -> {
          Cluster row = tx.get(EcsTables.CLUSTERS, key.account(), key);
          if (row == null || row.status() == Cluster.Status.INACTIVE) {
            Providers.check(tx, call, providers, strategy);
            row =
                new Cluster(
                    key,
                    Cluster.Status.ACTIVE,
                    call.now(),
                    ClusterSettings.merged(AccountSettings.ofNewCluster(tx, call), in.settings()),
                    providers,
                    strategy,
                    configuration,
                    namespace);
            tx.put(EcsTables.CLUSTERS, key.account(), key, row);
            Tags.add(tx, key.account(), key.arn(), tags);
          }
          return CreateClusterResponse.builder()
              .cluster(
                  Wire.configured(Wire.cluster(tx, row, TagRequests.of(tx, call, key.arn())), row))
              .build();
        });
  }

  /** What is kept of a cluster's configuration: all of it, within reason. */
  static JsonObject configuration(ClusterConfiguration given) {
    JsonObject document = Wire.json(given);
    if (Json.text(document).length() > LONGEST) {
      throw EcsError.INVALID_PARAMETER.because("`configuration` is too long");
    }
    return document;
  }

  /** A namespace's name or ARN. */
  static @Nullable String namespace(ClusterServiceConnectDefaultsRequest given) {
    if (given.namespace().length() > 1024) {
      throw EcsError.INVALID_PARAMETER.because("`serviceConnectDefaults.namespace` is too long");
    }
    return given.namespace().isEmpty() ? null : given.namespace();
  }
}
