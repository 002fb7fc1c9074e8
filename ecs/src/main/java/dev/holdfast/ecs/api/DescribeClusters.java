// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.Cluster;
import dev.holdfast.aws.ecs.DescribeClustersRequest;
import dev.holdfast.aws.ecs.DescribeClustersResponse;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.Failure;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.state.Census;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;
import java.util.ArrayList;
import java.util.List;

/** Describes clusters; unknown ones are failures, not errors. */
public final class DescribeClusters
    implements Operation<DescribeClustersRequest, DescribeClustersResponse> {
  private final State state;
  private final Census census;

  public DescribeClusters(State state, Census census) {
    this.state = state;
    this.census = census;
  }

  private static List<dev.holdfast.ecs.model.Cluster.Key> keys(
      Call call, DescribeClustersRequest in) {
    return in.clusters().isEmpty()
        ? List.of(Names.cluster(call, null))
        : Names.atMost(100, "Clusters", in.clusters()).stream()
            .map(name -> Names.cluster(call, name))
            .toList();
  }

  @Override
  public OperationModel<DescribeClustersRequest, DescribeClustersResponse> model() {
    return EcsModel.DESCRIBE_CLUSTERS;
  }

  @Override
  public Access access(Call call, DescribeClustersRequest in) {
    return new Access(
        keys(call, in).stream().map(k -> Demand.on("ecs:DescribeClusters", k.arn())).toList());
  }

  @Override
  public DescribeClustersResponse handle(Call call, DescribeClustersRequest in) {
    boolean withTags = in.include().contains("TAGS");
    boolean configured = in.include().contains("CONFIGURATIONS");
    return state.read(
        view -> {
          var found = new ArrayList<Cluster>();
          var failures = new ArrayList<Failure>();
          for (var key : keys(call, in)) {
            var row = view.get(EcsTables.CLUSTERS, key.account(), key);
            if (row == null) {
              failures.add(Wire.missing(key.arn()));
            } else {
              Cluster shape =
                  Wire.cluster(
                      census.of(key),
                      row,
                      withTags ? TagRequests.of(view, call, key.arn()) : List.of());
              found.add(configured ? Wire.configured(shape, row) : shape);
            }
          }
          return DescribeClustersResponse.builder().clusters(found).failures(failures).build();
        });
  }
}
