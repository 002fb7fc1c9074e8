// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.kms.DisableKeyRotationRequest;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.kms.model.KmsKey;
import dev.holdfast.kms.model.KmsTables;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/**
 * Lets a key keep its material until somebody rotates it.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/kms/latest/APIReference/API_DisableKeyRotation.html">DisableKeyRotation</a>
 */
public record DisableKeyRotation(Keys keys) implements Operation<DisableKeyRotationRequest, Empty> {
  @Override
  public OperationModel<DisableKeyRotationRequest, Empty> model() {
    return KmsModel.DISABLE_KEY_ROTATION;
  }

  @Override
  public Access access(Call call, DisableKeyRotationRequest in) {
    return keys.access(call, "kms:DisableKeyRotation", in.keyId(), Reach.MANAGE);
  }

  @Override
  public Empty handle(Call call, DisableKeyRotationRequest in) {
    return keys.state()
        .commit(
            call,
            tx -> {
              KmsKey key = keys.named(tx, call, in.keyId(), Reach.MANAGE).key();
              Keys.requireUsable(key);
              KmsTables.put(tx, key.with(null));
              return new Empty();
            });
  }
}
