// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.DescribeServiceDeploymentsRequest;
import dev.holdfast.aws.ecs.DescribeServiceDeploymentsResponse;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.Failure;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.ServiceDeployment;
import dev.holdfast.ecs.state.Services;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;
import java.util.ArrayList;

/** Describes deployments of services; unknown ones are failures, not errors. */
public final class DescribeServiceDeployments
    implements Operation<DescribeServiceDeploymentsRequest, DescribeServiceDeploymentsResponse> {
  static final String KIND = "service-deployment";
  private static final int MOST = 20;

  private final State state;

  public DescribeServiceDeployments(State state) {
    this.state = state;
  }

  @Override
  public OperationModel<DescribeServiceDeploymentsRequest, DescribeServiceDeploymentsResponse>
      model() {
    return EcsModel.DESCRIBE_SERVICE_DEPLOYMENTS;
  }

  @Override
  public Access access(Call call, DescribeServiceDeploymentsRequest in) {
    return Names.each(
        Names.atMost(MOST, "Service deployments", in.serviceDeploymentArns()).stream()
            .map(text -> key(call, text))
            .flatMap(
                key ->
                    Names.demands("ecs:DescribeServiceDeployments", key.service(), key.arn())
                        .stream())
            .distinct()
            .toList(),
        Demand.on("ecs:DescribeServiceDeployments"));
  }

  static ServiceDeployment.Key key(Call call, String text) {
    var below = Names.below(call, KIND, text);
    return new ServiceDeployment.Key(below.service(), below.id());
  }

  @Override
  public DescribeServiceDeploymentsResponse handle(
      Call call, DescribeServiceDeploymentsRequest in) {
    if (in.serviceDeploymentArns().isEmpty()) {
      throw EcsError.INVALID_PARAMETER.because("Service deployments cannot be empty.");
    }
    return state.read(
        view -> {
          var found = new ArrayList<dev.holdfast.aws.ecs.ServiceDeployment>();
          var failures = new ArrayList<Failure>();
          for (String text : in.serviceDeploymentArns()) {
            var key = key(call, text);
            var row = view.get(EcsTables.SERVICE_DEPLOYMENTS, key.service().account(), key);
            var service = Services.find(view, key.service());
            if (row == null || service == null) {
              failures.add(Wire.missing(key.arn()));
            } else {
              found.add(DeploymentWire.deployment(view, service, row));
            }
          }
          return DescribeServiceDeploymentsResponse.builder()
              .serviceDeployments(found)
              .failures(failures)
              .build();
        });
  }
}
