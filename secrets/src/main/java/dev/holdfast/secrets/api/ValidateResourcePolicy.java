// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.secretsmanager.SecretsManagerModel;
import dev.holdfast.aws.secretsmanager.ValidateResourcePolicyRequest;
import dev.holdfast.aws.secretsmanager.ValidateResourcePolicyResponse;
import dev.holdfast.aws.secretsmanager.ValidationErrorsEntry;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.secrets.model.StoredSecret;
import dev.holdfast.secrets.plan.ResourcePolicies;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import java.util.ArrayList;

/** Says what is wrong with a resource policy, and saves nothing. */
public record ValidateResourcePolicy(Vault vault)
    implements Operation<ValidateResourcePolicyRequest, ValidateResourcePolicyResponse> {
  @Override
  public OperationModel<ValidateResourcePolicyRequest, ValidateResourcePolicyResponse> model() {
    return SecretsManagerModel.VALIDATE_RESOURCE_POLICY;
  }

  @Override
  public Access access(Call call, ValidateResourcePolicyRequest in) {
    String id = in.secretId();
    return Access.of(
        id == null
            ? Demand.on("secretsmanager:ValidateResourcePolicy")
            : vault.demand(call, "secretsmanager:ValidateResourcePolicy", id));
  }

  @Override
  public ValidateResourcePolicyResponse handle(Call call, ValidateResourcePolicyRequest in) {
    PolicyDocument policy = Wire.policy(in.resourcePolicy());
    vault.state().read(view -> vault.principals(view, call, policy));
    String id = in.secretId();
    var errors = new ArrayList<ValidationErrorsEntry>();
    if (ResourcePolicies.open(in.resourcePolicy())) {
      errors.add(
          new ValidationErrorsEntry(
              "PublicPolicy",
              "The policy grants broad access to the secret: name principals, or hold them by a"
                  + " condition."));
    }
    if (id != null) {
      StoredSecret secret = vault.state().read(view -> Vault.staying(view, call, id));
      if (ResourcePolicies.locksOut(call.principal(), secret.arn(), policy)) {
        errors.add(
            new ValidationErrorsEntry(
                "Lockout",
                "The policy will not allow you to update the resource policy in the future."));
      }
    }
    return ValidateResourcePolicyResponse.builder()
        .policyValidationPassed(errors.isEmpty())
        .validationErrors(errors)
        .build();
  }
}
