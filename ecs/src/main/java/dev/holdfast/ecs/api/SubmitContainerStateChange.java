// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.SubmitContainerStateChangeRequest;
import dev.holdfast.aws.ecs.SubmitContainerStateChangeResponse;
import dev.holdfast.ecs.plan.TaskReport;
import dev.holdfast.ecs.state.Alarms;
import dev.holdfast.ecs.state.Hosts;
import dev.holdfast.ecs.state.Tasks;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;
import java.util.List;

/** Takes an agent's report on one container. */
public final class SubmitContainerStateChange
    implements Operation<SubmitContainerStateChangeRequest, SubmitContainerStateChangeResponse> {
  private final Reports reports;
  private final Alarms alarms;

  public SubmitContainerStateChange(State state, Tasks tasks, Alarms alarms) {
    this.reports = new Reports(state, tasks, alarms);
    this.alarms = alarms;
  }

  @Override
  public OperationModel<SubmitContainerStateChangeRequest, SubmitContainerStateChangeResponse>
      model() {
    return EcsModel.SUBMIT_CONTAINER_STATE_CHANGE;
  }

  @Override
  public Access access(Call call, SubmitContainerStateChangeRequest in) {
    alarms.refuseTask(call, "SubmitContainerStateChange");
    return Access.of(
        Hosts.demand(
            call, "ecs:SubmitContainerStateChange", Names.cluster(call, in.cluster()).arn()));
  }

  @Override
  public SubmitContainerStateChangeResponse handle(
      Call call, SubmitContainerStateChangeRequest in) {
    var ok = SubmitContainerStateChangeResponse.builder().acknowledgment("ok").build();
    var container =
        new TaskReport.ContainerReport(
            in.containerName(),
            Reports.status(in.status()),
            null,
            Reports.cut(in.runtimeId(), Reports.NAME),
            in.exitCode(),
            Reports.reason(in.reason()),
            Reports.bindings(in.networkBindings()));
    var report = new TaskReport(null, null, List.of(container), null, null, null);
    return Reports.task(call, in.cluster(), in.task())
        .map(key -> reports.apply(call, key, report, ok))
        .orElse(ok);
  }
}
