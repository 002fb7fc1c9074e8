// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.secretsmanager.PutResourcePolicyRequest;
import dev.holdfast.aws.secretsmanager.PutResourcePolicyResponse;
import dev.holdfast.aws.secretsmanager.SecretsManagerError;
import dev.holdfast.aws.secretsmanager.SecretsManagerModel;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.secrets.model.SecretTables;
import dev.holdfast.secrets.model.StoredSecret;
import dev.holdfast.secrets.plan.ResourcePolicies;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** Replaces the resource policy of a secret. */
public record PutResourcePolicy(Vault vault)
    implements Operation<PutResourcePolicyRequest, PutResourcePolicyResponse> {
  @Override
  public OperationModel<PutResourcePolicyRequest, PutResourcePolicyResponse> model() {
    return SecretsManagerModel.PUT_RESOURCE_POLICY;
  }

  @Override
  public Access access(Call call, PutResourcePolicyRequest in) {
    return Access.of(
        vault
            .demand(call, "secretsmanager:PutResourcePolicy", in.secretId())
            .key(
                "secretsmanager:BlockPublicPolicy",
                Boolean.toString(Boolean.TRUE.equals(in.blockPublicPolicy()))));
  }

  @Override
  public PutResourcePolicyResponse handle(Call call, PutResourcePolicyRequest in) {
    PolicyDocument policy = Wire.policy(in.resourcePolicy());
    if (Boolean.TRUE.equals(in.blockPublicPolicy()) && ResourcePolicies.open(in.resourcePolicy())) {
      throw SecretsManagerError.PUBLIC_POLICY.because(
          "You can't attach this resource policy: it grants broad access to the secret, and"
              + " BlockPublicPolicy is set. Name principals, or hold them by a condition.");
    }
    return vault
        .state()
        .commit(
            call,
            tx -> {
              StoredSecret secret = Vault.staying(tx, call, in.secretId());
              if (ResourcePolicies.locksOut(call.principal(), secret.arn(), policy)) {
                throw SecretsManagerError.MALFORMED_POLICY_DOCUMENT.because(
                    "The new resource policy will not allow you to update the resource policy in"
                        + " the future.");
              }
              SecretTables.put(
                  tx, secret.under(in.resourcePolicy(), vault.principals(tx, call, policy)));
              return new PutResourcePolicyResponse(secret.arn().toString(), secret.name());
            });
  }
}
