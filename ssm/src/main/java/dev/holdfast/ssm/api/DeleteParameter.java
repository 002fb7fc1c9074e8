// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ssm.DeleteParameterRequest;
import dev.holdfast.aws.ssm.DeleteParameterResult;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;
import dev.holdfast.ssm.model.ParameterTables;
import dev.holdfast.ssm.model.Selector;
import dev.holdfast.ssm.model.StoredParameter;

/** Deletes a parameter with its history. */
public record DeleteParameter(Parameters parameters)
    implements Operation<DeleteParameterRequest, DeleteParameterResult> {
  @Override
  public OperationModel<DeleteParameterRequest, DeleteParameterResult> model() {
    return SsmModel.DELETE_PARAMETER;
  }

  @Override
  public Access access(Call call, DeleteParameterRequest in) {
    return Access.of(Parameters.demand(call, "ssm:DeleteParameter", in.name()));
  }

  @Override
  public DeleteParameterResult handle(Call call, DeleteParameterRequest in) {
    Selector selector = Parameters.selector(call, in.name());
    return parameters
        .state()
        .commit(
            call,
            tx -> {
              StoredParameter now =
                  Parameters.current(tx, call, selector)
                      .orElseThrow(() -> Parameters.missing(in.name()));
              ParameterTables.delete(tx, now);
              Tags.delete(tx, now.account(), now.arn());
              return new DeleteParameterResult();
            });
  }
}
