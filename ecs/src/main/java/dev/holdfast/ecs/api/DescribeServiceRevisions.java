// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.DescribeServiceRevisionsRequest;
import dev.holdfast.aws.ecs.DescribeServiceRevisionsResponse;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.Failure;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.ServiceRevision;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;
import java.util.ArrayList;

/** Describes what services ran and run; unknown revisions are failures, not errors. */
public final class DescribeServiceRevisions
    implements Operation<DescribeServiceRevisionsRequest, DescribeServiceRevisionsResponse> {
  private static final int MOST = 20;

  private final State state;

  public DescribeServiceRevisions(State state) {
    this.state = state;
  }

  @Override
  public OperationModel<DescribeServiceRevisionsRequest, DescribeServiceRevisionsResponse> model() {
    return EcsModel.DESCRIBE_SERVICE_REVISIONS;
  }

  @Override
  public Access access(Call call, DescribeServiceRevisionsRequest in) {
    return Names.each(
        Names.atMost(MOST, "Service revisions", in.serviceRevisionArns()).stream()
            .map(text -> key(call, text))
            .flatMap(
                key ->
                    Names.demands("ecs:DescribeServiceRevisions", key.service(), key.arn())
                        .stream())
            .distinct()
            .toList(),
        Demand.on("ecs:DescribeServiceRevisions"));
  }

  private static ServiceRevision.Key key(Call call, String text) {
    var below = Names.below(call, "service-revision", text);
    return new ServiceRevision.Key(below.service(), below.id());
  }

  @Override
  public DescribeServiceRevisionsResponse handle(Call call, DescribeServiceRevisionsRequest in) {
    if (in.serviceRevisionArns().isEmpty()) {
      throw EcsError.INVALID_PARAMETER.because("Service revisions cannot be empty.");
    }
    return state.read(
        view -> {
          var found = new ArrayList<dev.holdfast.aws.ecs.ServiceRevision>();
          var failures = new ArrayList<Failure>();
          for (String text : in.serviceRevisionArns()) {
            var key = key(call, text);
            var row = view.get(EcsTables.SERVICE_REVISIONS, key.service().account(), key);
            if (row == null) {
              failures.add(Wire.missing(key.arn()));
            } else {
              found.add(DeploymentWire.revision(row));
            }
          }
          return DescribeServiceRevisionsResponse.builder()
              .serviceRevisions(found)
              .failures(failures)
              .build();
        });
  }
}
