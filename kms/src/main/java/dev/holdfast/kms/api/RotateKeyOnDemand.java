// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.kms.KmsError;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.aws.kms.RotateKeyOnDemandRequest;
import dev.holdfast.aws.kms.RotateKeyOnDemandResponse;
import dev.holdfast.kms.model.KmsKey;
import dev.holdfast.kms.model.KmsTables;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/**
 * Gives a key fresh material, which encrypts from now on; what older material encrypted still
 * decrypts. One commit: there is no state in between.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/kms/latest/APIReference/API_RotateKeyOnDemand.html">RotateKeyOnDemand</a>
 */
public record RotateKeyOnDemand(Keys keys)
    implements Operation<RotateKeyOnDemandRequest, RotateKeyOnDemandResponse> {
  /** How often a key is rotated so, as on AWS. */
  private static final int MOST = 25;

  @Override
  public OperationModel<RotateKeyOnDemandRequest, RotateKeyOnDemandResponse> model() {
    return KmsModel.ROTATE_KEY_ON_DEMAND;
  }

  @Override
  public Access access(Call call, RotateKeyOnDemandRequest in) {
    return keys.access(call, "kms:RotateKeyOnDemand", in.keyId(), Reach.MANAGE);
  }

  @Override
  public RotateKeyOnDemandResponse handle(Call call, RotateKeyOnDemandRequest in) {
    return keys.state()
        .commit(
            call,
            tx -> {
              KmsKey key = keys.named(tx, call, in.keyId(), Reach.MANAGE).key();
              Keys.requireUsable(key);
              if (key.rotatedOnDemand() >= MOST) {
                throw KmsError.LIMIT_EXCEEDED.because(
                    "the key %s was rotated %d times on demand, which is the limit; create another"
                        + " key and point its aliases there",
                    key.arn(), MOST);
              }
              KmsTables.put(tx, key.rotated(keys.envelope().next(key).since(call.now(), false)));
              return RotateKeyOnDemandResponse.builder().keyId(key.arn().toString()).build();
            });
  }
}
