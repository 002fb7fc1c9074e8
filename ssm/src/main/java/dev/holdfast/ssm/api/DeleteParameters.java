// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ssm.DeleteParametersRequest;
import dev.holdfast.aws.ssm.DeleteParametersResult;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;
import dev.holdfast.ssm.model.ParameterTables;
import dev.holdfast.ssm.model.StoredParameter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Optional;

/** Deletes up to ten parameters; those that are missing come back by name. */
public record DeleteParameters(Parameters parameters)
    implements Operation<DeleteParametersRequest, DeleteParametersResult> {
  @Override
  public OperationModel<DeleteParametersRequest, DeleteParametersResult> model() {
    return SsmModel.DELETE_PARAMETERS;
  }

  @Override
  public Access access(Call call, DeleteParametersRequest in) {
    return Parameters.access(
        in.names().stream()
            .distinct()
            .map(name -> Parameters.demand(call, "ssm:DeleteParameters", name))
            .toList());
  }

  @Override
  public DeleteParametersResult handle(Call call, DeleteParametersRequest in) {
    return parameters
        .state()
        .commit(
            call,
            tx -> {
              var deleted = new ArrayList<String>();
              var invalid = new ArrayList<String>();
              for (String name : new LinkedHashSet<>(in.names())) {
                Optional<StoredParameter> now =
                    Parameters.current(tx, call, Parameters.selector(call, name));
                now.ifPresent(
                    parameter -> {
                      ParameterTables.delete(tx, parameter);
                      Tags.delete(tx, parameter.account(), parameter.arn());
                    });
                (now.isPresent() ? deleted : invalid).add(name);
              }
              return DeleteParametersResult.builder()
                  .deletedParameters(deleted)
                  .invalidParameters(invalid)
                  .build();
            });
  }
}
