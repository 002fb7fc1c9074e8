// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.api.managed;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ssm.DeleteActivationRequest;
import dev.holdfast.aws.ssm.DeleteActivationResult;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.ssm.control.Machines;
import dev.holdfast.ssm.model.Activation;
import dev.holdfast.ssm.model.ManagedTables;

/** Deletes an activation; machines that registered with it stay. */
public record DeleteActivation(Managed managed)
    implements Operation<DeleteActivationRequest, DeleteActivationResult> {
  @Override
  public OperationModel<DeleteActivationRequest, DeleteActivationResult> model() {
    return SsmModel.DELETE_ACTIVATION;
  }

  @Override
  public Access access(Call call, DeleteActivationRequest in) {
    return Access.of("ssm:DeleteActivation");
  }

  @Override
  public DeleteActivationResult handle(Call call, DeleteActivationRequest in) {
    return managed
        .state()
        .commit(
            call,
            tx -> {
              Activation activation =
                  ManagedTables.activation(tx, call.account(), in.activationId());
              if (activation == null || !activation.region().equals(call.region())) {
                throw Machines.noActivation();
              }
              ManagedTables.delete(tx, activation);
              return new DeleteActivationResult();
            });
  }
}
