// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ssm.GetParameterRequest;
import dev.holdfast.aws.ssm.GetParameterResult;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.ssm.model.Selector;
import dev.holdfast.ssm.model.StoredParameter;

/** Reads one parameter. */
public record GetParameter(Parameters parameters)
    implements Operation<GetParameterRequest, GetParameterResult> {
  @Override
  public OperationModel<GetParameterRequest, GetParameterResult> model() {
    return SsmModel.GET_PARAMETER;
  }

  @Override
  public Access access(Call call, GetParameterRequest in) {
    return Access.of(parameters.reading(call, "ssm:GetParameter", in.name()));
  }

  @Override
  public GetParameterResult handle(Call call, GetParameterRequest in) {
    Selector selector = Parameters.selector(call, in.name());
    StoredParameter found =
        parameters
            .state()
            .read(
                view ->
                    Parameters.find(view, call, selector)
                        .orElseThrow(() -> Parameters.missing(view, call, selector)));
    String value = parameters.value(call, found, in.withDecryption());
    return GetParameterResult.builder().parameter(Wire.parameter(found, value, selector)).build();
  }
}
