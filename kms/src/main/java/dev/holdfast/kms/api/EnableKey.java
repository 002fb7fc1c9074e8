// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.kms.EnableKeyRequest;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.kms.model.KeyState;
import dev.holdfast.kms.model.KmsKey;
import dev.holdfast.kms.model.KmsTables;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** Lets a disabled key be used again. */
public record EnableKey(Keys keys) implements Operation<EnableKeyRequest, Empty> {
  @Override
  public OperationModel<EnableKeyRequest, Empty> model() {
    return KmsModel.ENABLE_KEY;
  }

  @Override
  public Access access(Call call, EnableKeyRequest in) {
    return keys.access(call, "kms:EnableKey", in.keyId(), Reach.MANAGE);
  }

  @Override
  public Empty handle(Call call, EnableKeyRequest in) {
    return keys.state()
        .commit(
            call,
            tx -> {
              KmsKey key = keys.named(tx, call, in.keyId(), Reach.MANAGE).key();
              Keys.requireStaying(key);
              KmsTables.put(tx, key.in(KeyState.ENABLED, null));
              return new Empty();
            });
  }
}
