// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.AttachmentStateChange;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.SubmitAttachmentStateChangesRequest;
import dev.holdfast.aws.ecs.SubmitAttachmentStateChangesResponse;
import dev.holdfast.ecs.state.Alarms;
import dev.holdfast.ecs.state.Hosts;
import dev.holdfast.ecs.state.Tasks;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;

/**
 * Takes an agent's reports on what is attached to its tasks. Nothing is yet, so that a report
 * changes nothing; but it is the agent's alone that the task was placed on.
 */
public final class SubmitAttachmentStateChanges
    implements Operation<
        SubmitAttachmentStateChangesRequest, SubmitAttachmentStateChangesResponse> {
  private final Reports reports;
  private final Alarms alarms;

  public SubmitAttachmentStateChanges(State state, Tasks tasks, Alarms alarms) {
    this.reports = new Reports(state, tasks, alarms);
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
    reports.requireOwn(
        call,
        in.attachments().stream()
            .map(AttachmentStateChange::attachmentArn)
            .map(arn -> Reports.attachment(call, in.cluster(), arn))
            .toList());
    return SubmitAttachmentStateChangesResponse.builder().acknowledgment("ok").build();
  }
}
