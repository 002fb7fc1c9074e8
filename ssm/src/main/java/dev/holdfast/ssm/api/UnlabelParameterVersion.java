// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.aws.ssm.UnlabelParameterVersionRequest;
import dev.holdfast.aws.ssm.UnlabelParameterVersionResult;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.ssm.model.ParameterTables;
import dev.holdfast.ssm.model.StoredParameter;
import dev.holdfast.ssm.plan.Labelling;
import java.util.Map;

/** Takes labels away from a version of a parameter. */
public record UnlabelParameterVersion(Parameters parameters)
    implements Operation<UnlabelParameterVersionRequest, UnlabelParameterVersionResult> {
  @Override
  public OperationModel<UnlabelParameterVersionRequest, UnlabelParameterVersionResult> model() {
    return SsmModel.UNLABEL_PARAMETER_VERSION;
  }

  @Override
  public Access access(Call call, UnlabelParameterVersionRequest in) {
    return Access.of(Parameters.demand(call, "ssm:UnlabelParameterVersion", in.name()));
  }

  @Override
  public UnlabelParameterVersionResult handle(Call call, UnlabelParameterVersionRequest in) {
    return parameters
        .state()
        .commit(
            call,
            tx -> {
              StoredParameter version =
                  Parameters.version(tx, call, in.name(), in.parameterVersion());
              Map<String, Long> present =
                  ParameterTables.labels(tx, version.account(), version.region(), version.name());
              Labelling labelling = Labelling.take(present, version.version(), in.labels());
              labelling.done().forEach(label -> ParameterTables.unlabel(tx, version, label));
              return UnlabelParameterVersionResult.builder()
                  .removedLabels(labelling.done())
                  .invalidLabels(labelling.invalid())
                  .build();
            });
  }
}
