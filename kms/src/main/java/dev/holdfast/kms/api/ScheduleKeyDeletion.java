// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.aws.kms.ScheduleKeyDeletionRequest;
import dev.holdfast.aws.kms.ScheduleKeyDeletionResponse;
import dev.holdfast.kms.model.KeyState;
import dev.holdfast.kms.model.KmsKey;
import dev.holdfast.kms.model.KmsTables;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import java.time.Duration;
import java.time.Instant;

/** Marks a key for deletion after a waiting period of 7 to 30 days. */
public record ScheduleKeyDeletion(Keys keys)
    implements Operation<ScheduleKeyDeletionRequest, ScheduleKeyDeletionResponse> {
  @Override
  public OperationModel<ScheduleKeyDeletionRequest, ScheduleKeyDeletionResponse> model() {
    return KmsModel.SCHEDULE_KEY_DELETION;
  }

  @Override
  public Access access(Call call, ScheduleKeyDeletionRequest in) {
    return keys.access(
        call,
        "kms:ScheduleKeyDeletion",
        in.keyId(),
        Reach.MANAGE,
        demand ->
            demand.key("kms:ScheduleKeyDeletionPendingWindowInDays", Integer.toString(days(in))));
  }

  @Override
  public ScheduleKeyDeletionResponse handle(Call call, ScheduleKeyDeletionRequest in) {
    int days = days(in);
    if (days < 7 || days > 30) {
      throw Wire.invalid("the waiting period PendingWindowInDays is 7 to 30 days, not " + days);
    }
    Instant deletion = call.now().plus(Duration.ofDays(days));
    return keys.state()
        .commit(
            call,
            tx -> {
              KmsKey key = keys.named(tx, call, in.keyId(), Reach.MANAGE).key();
              Keys.requireStaying(key);
              KmsTables.put(tx, key.in(KeyState.PENDING_DELETION, deletion));
              return ScheduleKeyDeletionResponse.builder()
                  .keyId(key.arn().toString())
                  .deletionDate(deletion)
                  .keyState(KeyState.PENDING_DELETION.wire())
                  .pendingWindowInDays(days)
                  .build();
            });
  }

  private static int days(ScheduleKeyDeletionRequest in) {
    Integer days = in.pendingWindowInDays();
    return days == null ? 30 : days;
  }
}
