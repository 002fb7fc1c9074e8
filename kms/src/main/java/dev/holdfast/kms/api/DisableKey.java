// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.kms.DisableKeyRequest;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.kms.model.KeyState;
import dev.holdfast.kms.model.KmsKey;
import dev.holdfast.kms.model.KmsTables;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** Keeps a key from being used. */
public record DisableKey(Keys keys) implements Operation<DisableKeyRequest, Empty> {
  @Override
  public OperationModel<DisableKeyRequest, Empty> model() {
    return KmsModel.DISABLE_KEY;
  }

  @Override
  public Access access(Call call, DisableKeyRequest in) {
    return keys.access(call, "kms:DisableKey", in.keyId(), Reach.MANAGE);
  }

  @Override
  public Empty handle(Call call, DisableKeyRequest in) {
    return keys.state()
        .commit(
            call,
            tx -> {
              KmsKey key = keys.named(tx, call, in.keyId(), Reach.MANAGE).key();
              Keys.requireStaying(key);
              KmsTables.put(tx, key.in(KeyState.DISABLED, null));
              return new Empty();
            });
  }
}
