// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.UpdateTaskProtectionRequest;
import dev.holdfast.aws.ecs.UpdateTaskProtectionResponse;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.ServiceTask;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;
import java.time.Duration;
import java.time.Instant;

/** Protects tasks of a service from scaling and deployments for a while, or no longer. */
public final class UpdateTaskProtection
    implements Operation<UpdateTaskProtectionRequest, UpdateTaskProtectionResponse> {
  private static final int USUAL_MINUTES = 120;
  private static final int MOST_MINUTES = 2880;

  private final State state;

  public UpdateTaskProtection(State state) {
    this.state = state;
  }

  @Override
  public OperationModel<UpdateTaskProtectionRequest, UpdateTaskProtectionResponse> model() {
    return EcsModel.UPDATE_TASK_PROTECTION;
  }

  @Override
  public Access access(Call call, UpdateTaskProtectionRequest in) {
    return TaskProtections.access(call, "ecs:UpdateTaskProtection", in.cluster(), in.tasks(), 10);
  }

  @Override
  public UpdateTaskProtectionResponse handle(Call call, UpdateTaskProtectionRequest in) {
    TaskProtections.requireSome(in.tasks());
    Integer given = in.expiresInMinutes();
    if (given != null && (given < 1 || given > MOST_MINUTES)) {
      throw EcsError.INVALID_PARAMETER.because(
          "expiresInMinutes must be between 1 and %d.", MOST_MINUTES);
    }
    int minutes = given == null ? USUAL_MINUTES : given;
    Instant until = in.protectionEnabled() ? call.now().plus(Duration.ofMinutes(minutes)) : null;
    return state.commit(
        call,
        tx -> {
          var found =
              TaskProtections.each(
                  tx,
                  Names.cluster(call, in.cluster()),
                  in.tasks(),
                  (task, row) -> {
                    ServiceTask changed = row.protectedUntil(until);
                    tx.put(EcsTables.SERVICE_TASKS, task.key().account(), changed.key(), changed);
                    return changed;
                  },
                  call.now());
          return UpdateTaskProtectionResponse.builder()
              .protectedTasks(found.tasks())
              .failures(found.failures())
              .build();
        });
  }
}
