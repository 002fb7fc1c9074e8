// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.SubmitAttachmentStateChangesRequest;
import dev.holdfast.aws.ecs.SubmitAttachmentStateChangesResponse;
import dev.holdfast.ecs.state.Alarms;
import dev.holdfast.ecs.state.Hosts;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** Acknowledges reports on attachments, of which there are none yet. */
public final class SubmitAttachmentStateChanges
    implements Operation<
        SubmitAttachmentStateChangesRequest, SubmitAttachmentStateChangesResponse> {
  private final Alarms alarms;

  public SubmitAttachmentStateChanges(Alarms alarms) {
    this.alarms = alarms;
  }

  @Override
  public OperationModel<SubmitAttachmentStateChangesRequest, SubmitAttachmentStateChangesResponse>
      model() {
    return EcsModel.SUBMIT_ATTACHMENT_STATE_CHANGES;
  }

  @Override
  public Access access(Call call, SubmitAttachmentStateChangesRequest in) {
    alarms.refuseTask(call, "SubmitAttachmentStateChanges");
    return Access.of(
        Hosts.demand(
            call, "ecs:SubmitAttachmentStateChanges", Names.cluster(call, in.cluster()).arn()));
  }

  @Override
  public SubmitAttachmentStateChangesResponse handle(
      Call call, SubmitAttachmentStateChangesRequest in) {
    return SubmitAttachmentStateChangesResponse.builder().acknowledgment("ok").build();
  }
}
