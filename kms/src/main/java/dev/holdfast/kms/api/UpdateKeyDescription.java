// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.aws.kms.UpdateKeyDescriptionRequest;
import dev.holdfast.kms.model.KmsKey;
import dev.holdfast.kms.model.KmsTables;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/**
 * Says something else of what a key is for.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateKeyDescription.html">UpdateKeyDescription</a>
 */
public record UpdateKeyDescription(Keys keys)
    implements Operation<UpdateKeyDescriptionRequest, Empty> {
  @Override
  public OperationModel<UpdateKeyDescriptionRequest, Empty> model() {
    return KmsModel.UPDATE_KEY_DESCRIPTION;
  }

  @Override
  public Access access(Call call, UpdateKeyDescriptionRequest in) {
    return keys.access(call, "kms:UpdateKeyDescription", in.keyId(), Reach.MANAGE);
  }

  @Override
  public Empty handle(Call call, UpdateKeyDescriptionRequest in) {
    return keys.state()
        .commit(
            call,
            tx -> {
              KmsKey key = keys.named(tx, call, in.keyId(), Reach.MANAGE).key();
              Keys.requireStaying(key);
              KmsTables.put(tx, key.described(in.description()));
              return new Empty();
            });
  }
}
