// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ssm.LabelParameterVersionRequest;
import dev.holdfast.aws.ssm.LabelParameterVersionResult;
import dev.holdfast.aws.ssm.SsmError;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.ssm.model.ParameterTables;
import dev.holdfast.ssm.model.StoredParameter;
import dev.holdfast.ssm.plan.Labelling;
import java.util.Map;

/** Gives labels to a version of a parameter; one that another version has moves. */
public record LabelParameterVersion(Parameters parameters)
    implements Operation<LabelParameterVersionRequest, LabelParameterVersionResult> {
  @Override
  public OperationModel<LabelParameterVersionRequest, LabelParameterVersionResult> model() {
    return SsmModel.LABEL_PARAMETER_VERSION;
  }

  @Override
  public Access access(Call call, LabelParameterVersionRequest in) {
    return Access.of(Parameters.demand(call, "ssm:LabelParameterVersion", in.name()));
  }

  @Override
  public LabelParameterVersionResult handle(Call call, LabelParameterVersionRequest in) {
    return parameters
        .state()
        .commit(
            call,
            tx -> {
              StoredParameter version =
                  Parameters.version(tx, call, in.name(), in.parameterVersion());
              Map<String, Long> present =
                  ParameterTables.labels(tx, version.account(), version.region(), version.name());
              Labelling labelling = Labelling.give(in.labels());
              if (labelling.tooMany(present, version.version())) {
                throw SsmError.PARAMETER_VERSION_LABEL_LIMIT_EXCEEDED.because(
                    "A parameter version can have a maximum of %d labels. Move one or more labels"
                        + " to another version and try again.",
                    Labelling.MOST);
              }
              labelling.done().forEach(label -> ParameterTables.label(tx, version, label));
              return LabelParameterVersionResult.builder()
                  .invalidLabels(labelling.invalid())
                  .parameterVersion(version.version())
                  .build();
            });
  }
}
