// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.kms.GetKeyPolicyRequest;
import dev.holdfast.aws.kms.GetKeyPolicyResponse;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** Shows a key's policy. */
public record GetKeyPolicy(Keys keys)
    implements Operation<GetKeyPolicyRequest, GetKeyPolicyResponse> {
  @Override
  public OperationModel<GetKeyPolicyRequest, GetKeyPolicyResponse> model() {
    return KmsModel.GET_KEY_POLICY;
  }

  @Override
  public Access access(Call call, GetKeyPolicyRequest in) {
    return keys.access(call, "kms:GetKeyPolicy", in.keyId(), Reach.MANAGE);
  }

  @Override
  public GetKeyPolicyResponse handle(Call call, GetKeyPolicyRequest in) {
    Wire.requireDefault(in.policyName());
    return keys.state()
        .read(
            view ->
                GetKeyPolicyResponse.builder()
                    .policy(
                        keys.shownPolicy(
                            view, keys.named(view, call, in.keyId(), Reach.MANAGE).key()))
                    .policyName(Wire.DEFAULT_POLICY)
                    .build());
  }
}
