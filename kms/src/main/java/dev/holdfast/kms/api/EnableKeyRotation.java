// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.kms.EnableKeyRotationRequest;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.kms.model.KmsKey;
import dev.holdfast.kms.model.KmsTables;
import dev.holdfast.kms.model.Rotation;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/**
 * Lets a key get fresh material by itself, every so many days from now on. Asked again with the
 * same period it changes nothing.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html">EnableKeyRotation</a>
 */
public record EnableKeyRotation(Keys keys) implements Operation<EnableKeyRotationRequest, Empty> {
  @Override
  public OperationModel<EnableKeyRotationRequest, Empty> model() {
    return KmsModel.ENABLE_KEY_ROTATION;
  }

  @Override
  public Access access(Call call, EnableKeyRotationRequest in) {
    Integer days = in.rotationPeriodInDays();
    return keys.access(
        call,
        "kms:EnableKeyRotation",
        in.keyId(),
        Reach.MANAGE,
        demand -> demand.key("kms:RotationPeriodInDays", days == null ? null : days.toString()));
  }

  @Override
  public Empty handle(Call call, EnableKeyRotationRequest in) {
    return keys.state()
        .commit(
            call,
            tx -> {
              KmsKey key = keys.named(tx, call, in.keyId(), Reach.MANAGE).key();
              Keys.requireUsable(key);
              Integer asked = in.rotationPeriodInDays();
              int days = asked == null ? Rotation.DEFAULT_DAYS : asked;
              Rotation now = key.rotation();
              if (now == null || now.days() != days) {
                KmsTables.put(tx, key.with(Rotation.after(call.now(), days)));
              }
              return new Empty();
            });
  }
}
