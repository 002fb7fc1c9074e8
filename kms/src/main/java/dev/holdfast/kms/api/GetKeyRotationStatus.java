// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.kms.GetKeyRotationStatusRequest;
import dev.holdfast.aws.kms.GetKeyRotationStatusResponse;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.kms.model.KmsKey;
import dev.holdfast.kms.model.Rotation;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** Says whether a key rotates by itself, how often, and when next. */
public record GetKeyRotationStatus(Keys keys)
    implements Operation<GetKeyRotationStatusRequest, GetKeyRotationStatusResponse> {
  @Override
  public OperationModel<GetKeyRotationStatusRequest, GetKeyRotationStatusResponse> model() {
    return KmsModel.GET_KEY_ROTATION_STATUS;
  }

  @Override
  public Access access(Call call, GetKeyRotationStatusRequest in) {
    return keys.access(call, "kms:GetKeyRotationStatus", in.keyId(), Reach.LOOK);
  }

  @Override
  public GetKeyRotationStatusResponse handle(Call call, GetKeyRotationStatusRequest in) {
    return keys.state()
        .read(
            view -> {
              KmsKey key = keys.named(view, call, in.keyId(), Reach.LOOK).key();
              Rotation schedule = key.schedule();
              return GetKeyRotationStatusResponse.builder()
                  .keyId(key.arn().toString())
                  .keyRotationEnabled(schedule != null)
                  .rotationPeriodInDays(schedule == null ? null : schedule.days())
                  .nextRotationDate(schedule == null ? null : schedule.next())
                  .build();
            });
  }
}
