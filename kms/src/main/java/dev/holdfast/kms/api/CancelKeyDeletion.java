// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.kms.CancelKeyDeletionRequest;
import dev.holdfast.aws.kms.CancelKeyDeletionResponse;
import dev.holdfast.aws.kms.KmsError;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.kms.model.KeyState;
import dev.holdfast.kms.model.KmsKey;
import dev.holdfast.kms.model.KmsTables;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** Keeps a key that was scheduled for deletion; it is disabled then. */
public record CancelKeyDeletion(Keys keys)
    implements Operation<CancelKeyDeletionRequest, CancelKeyDeletionResponse> {
  @Override
  public OperationModel<CancelKeyDeletionRequest, CancelKeyDeletionResponse> model() {
    return KmsModel.CANCEL_KEY_DELETION;
  }

  @Override
  public Access access(Call call, CancelKeyDeletionRequest in) {
    return keys.access(call, "kms:CancelKeyDeletion", in.keyId(), Reach.MANAGE);
  }

  @Override
  public CancelKeyDeletionResponse handle(Call call, CancelKeyDeletionRequest in) {
    return keys.state()
        .commit(
            call,
            tx -> {
              KmsKey key = keys.named(tx, call, in.keyId(), Reach.MANAGE).key();
              if (key.state() != KeyState.PENDING_DELETION) {
                throw KmsError.KMS_INVALID_STATE.because("%s is not pending deletion.", key.arn());
              }
              KmsTables.put(tx, key.in(KeyState.DISABLED, null));
              return CancelKeyDeletionResponse.builder().keyId(key.arn().toString()).build();
            });
  }
}
