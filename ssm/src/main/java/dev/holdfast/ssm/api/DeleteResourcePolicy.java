// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ssm.DeleteResourcePolicyRequest;
import dev.holdfast.aws.ssm.DeleteResourcePolicyResponse;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.ssm.model.ParameterTables;
import dev.holdfast.ssm.model.StoredParameter;

/** Ends a sharing of a parameter. */
public record DeleteResourcePolicy(Parameters parameters)
    implements Operation<DeleteResourcePolicyRequest, DeleteResourcePolicyResponse> {
  @Override
  public OperationModel<DeleteResourcePolicyRequest, DeleteResourcePolicyResponse> model() {
    return SsmModel.DELETE_RESOURCE_POLICY;
  }

  @Override
  public Access access(Call call, DeleteResourcePolicyRequest in) {
    return Access.of(
        "ssm:DeleteResourcePolicy", ResourcePolicies.selector(call, in.resourceArn()).arn());
  }

  @Override
  public DeleteResourcePolicyResponse handle(Call call, DeleteResourcePolicyRequest in) {
    return parameters
        .state()
        .commit(
            call,
            tx -> {
              StoredParameter parameter = ResourcePolicies.named(tx, call, in.resourceArn());
              ParameterTables.delete(
                  tx,
                  parameter,
                  ResourcePolicies.known(tx, parameter, in.policyId(), in.policyHash()));
              return new DeleteResourcePolicyResponse();
            });
  }
}
