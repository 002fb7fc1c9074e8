// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ssm.GetParametersRequest;
import dev.holdfast.aws.ssm.GetParametersResult;
import dev.holdfast.aws.ssm.Parameter;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.ssm.model.Selector;
import dev.holdfast.ssm.model.StoredParameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;

/** Reads up to ten parameters; those that are missing come back by name. */
public record GetParameters(Parameters parameters)
    implements Operation<GetParametersRequest, GetParametersResult> {
  @Override
  public OperationModel<GetParametersRequest, GetParametersResult> model() {
    return SsmModel.GET_PARAMETERS;
  }

  @Override
  public Access access(Call call, GetParametersRequest in) {
    return Parameters.access(
        in.names().stream()
            .distinct()
            .map(name -> parameters.reading(call, "ssm:GetParameters", name))
            .toList());
  }

  @Override
  public GetParametersResult handle(Call call, GetParametersRequest in) {
    var invalid = new ArrayList<String>();
    var found = new LinkedHashMap<Selector, StoredParameter>();
    parameters
        .state()
        .<Boolean>read(
            view -> {
              for (String name : new LinkedHashSet<>(in.names())) {
                Selector selector = Parameters.selector(call, name);
                Parameters.find(view, call, selector)
                    .ifPresentOrElse(
                        parameter -> found.put(selector, parameter), () -> invalid.add(name));
              }
              return true;
            });
    var shown = new ArrayList<Parameter>();
    found.forEach(
        (selector, parameter) ->
            shown.add(
                Wire.parameter(
                    parameter, parameters.value(call, parameter, in.withDecryption()), selector)));
    return GetParametersResult.builder().parameters(shown).invalidParameters(invalid).build();
  }
}
