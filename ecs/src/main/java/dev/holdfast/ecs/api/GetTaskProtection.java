// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.GetTaskProtectionRequest;
import dev.holdfast.aws.ecs.GetTaskProtectionResponse;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;

/** Tells which tasks of services are protected from scaling and deployments. */
public final class GetTaskProtection
    implements Operation<GetTaskProtectionRequest, GetTaskProtectionResponse> {
  private final State state;

  public GetTaskProtection(State state) {
    this.state = state;
  }

  @Override
  public OperationModel<GetTaskProtectionRequest, GetTaskProtectionResponse> model() {
    return EcsModel.GET_TASK_PROTECTION;
  }

  @Override
  public Access access(Call call, GetTaskProtectionRequest in) {
    return TaskProtections.access(call, "ecs:GetTaskProtection", in.cluster(), in.tasks(), 100);
  }

  @Override
  public GetTaskProtectionResponse handle(Call call, GetTaskProtectionRequest in) {
    TaskProtections.requireSome(in.tasks());
    var found =
        state.read(
            view ->
                TaskProtections.each(
                    view,
                    Names.cluster(call, in.cluster()),
                    in.tasks(),
                    (_, row) -> row,
                    call.now()));
    return GetTaskProtectionResponse.builder()
        .protectedTasks(found.tasks())
        .failures(found.failures())
        .build();
  }
}
