// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.DescribeServicesRequest;
import dev.holdfast.aws.ecs.DescribeServicesResponse;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.Failure;
import dev.holdfast.aws.ecs.Service;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.state.Services;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;
import java.util.ArrayList;
import java.util.List;

/** Describes services; unknown ones are failures, not errors. */
public final class DescribeServices
    implements Operation<DescribeServicesRequest, DescribeServicesResponse> {
  private final State state;

  public DescribeServices(State state) {
    this.state = state;
  }

  @Override
  public OperationModel<DescribeServicesRequest, DescribeServicesResponse> model() {
    return EcsModel.DESCRIBE_SERVICES;
  }

  @Override
  public Access access(Call call, DescribeServicesRequest in) {
    Cluster.Key cluster = Names.cluster(call, in.cluster());
    return Names.each(
        Names.atMost(10, "Services", in.services()).stream()
            .map(text -> Names.demand("ecs:DescribeServices", Names.service(cluster, text)))
            .toList(),
        Demand.on("ecs:DescribeServices").key("ecs:cluster", cluster.arn().toString()));
  }

  @Override
  public DescribeServicesResponse handle(Call call, DescribeServicesRequest in) {
    Cluster.Key cluster = Names.cluster(call, in.cluster());
    if (in.services().isEmpty()) {
      throw EcsError.INVALID_PARAMETER.because("Services cannot be empty.");
    }
    boolean withTags = in.include().contains("TAGS");
    return state.read(
        view -> {
          Names.active(view, cluster);
          var found = new ArrayList<Service>();
          var failures = new ArrayList<Failure>();
          for (String text : in.services()) {
            var key = Names.service(cluster, text);
            Names.require(cluster, key.clusterKey());
            var row = Services.find(view, key);
            if (row == null) {
              failures.add(Wire.missing(key.arn()));
            } else {
              found.add(
                  ServiceWire.service(
                      view, row, withTags ? TagRequests.of(view, call, key.arn()) : List.of()));
            }
          }
          return DescribeServicesResponse.builder().services(found).failures(failures).build();
        });
  }
}
