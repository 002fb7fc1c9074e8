// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.aws.kms.PutKeyPolicyRequest;
import dev.holdfast.kms.model.KmsKey;
import dev.holdfast.kms.model.KmsTables;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** Replaces a key's policy, unless the caller would lock itself out. */
public record PutKeyPolicy(Keys keys) implements Operation<PutKeyPolicyRequest, Empty> {
  @Override
  public OperationModel<PutKeyPolicyRequest, Empty> model() {
    return KmsModel.PUT_KEY_POLICY;
  }

  @Override
  public Access access(Call call, PutKeyPolicyRequest in) {
    return keys.access(
        call,
        "kms:PutKeyPolicy",
        in.keyId(),
        Reach.MANAGE,
        demand ->
            demand.key(
                "kms:BypassPolicyLockoutSafetyCheck",
                Boolean.toString(Boolean.TRUE.equals(in.bypassPolicyLockoutSafetyCheck()))));
  }

  @Override
  public Empty handle(Call call, PutKeyPolicyRequest in) {
    Wire.requireDefault(in.policyName());
    PolicyDocument policy = Wire.policy(in.policy());
    return keys.state()
        .commit(
            call,
            tx -> {
              KmsKey key = keys.named(tx, call, in.keyId(), Reach.MANAGE).key();
              Keys.requireStaying(key);
              Wire.checkLockout(call, key.arn(), policy, in.bypassPolicyLockoutSafetyCheck());
              KmsTables.put(tx, key.under(in.policy(), keys.principals(tx, key.account(), policy)));
              return new Empty();
            });
  }
}
