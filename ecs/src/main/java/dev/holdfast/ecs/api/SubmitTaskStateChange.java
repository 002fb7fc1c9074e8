// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.SubmitTaskStateChangeRequest;
import dev.holdfast.aws.ecs.SubmitTaskStateChangeResponse;
import dev.holdfast.ecs.plan.TaskReport;
import dev.holdfast.ecs.state.Alarms;
import dev.holdfast.ecs.state.Hosts;
import dev.holdfast.ecs.state.Tasks;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;

/** Takes an agent's report on a task and its containers. */
public final class SubmitTaskStateChange
    implements Operation<SubmitTaskStateChangeRequest, SubmitTaskStateChangeResponse> {
  private final Reports reports;
  private final Alarms alarms;

  public SubmitTaskStateChange(State state, Tasks tasks, Alarms alarms) {
    this.reports = new Reports(state, tasks, alarms);
    this.alarms = alarms;
  }

  @Override
  public OperationModel<SubmitTaskStateChangeRequest, SubmitTaskStateChangeResponse> model() {
    return EcsModel.SUBMIT_TASK_STATE_CHANGE;
  }

  @Override
  public Access access(Call call, SubmitTaskStateChangeRequest in) {
    alarms.refuseTask(call, "SubmitTaskStateChange");
    return Access.of(
        Hosts.demand(call, "ecs:SubmitTaskStateChange", Names.cluster(call, in.cluster()).arn()));
  }

  @Override
  public SubmitTaskStateChangeResponse handle(Call call, SubmitTaskStateChangeRequest in) {
    var ok = SubmitTaskStateChangeResponse.builder().acknowledgment("ok").build();
    var report =
        new TaskReport(
            Reports.status(in.status()),
            Reports.reason(in.reason()),
            in.containers().stream()
                .map(
                    c ->
                        new TaskReport.ContainerReport(
                            c.containerName(),
                            Reports.status(c.status()),
                            Reports.cut(c.imageDigest(), Reports.NAME),
                            Reports.cut(c.runtimeId(), Reports.NAME),
                            c.exitCode(),
                            Reports.reason(c.reason()),
                            Reports.bindings(c.networkBindings())))
                .toList(),
            in.pullStartedAt(),
            in.pullStoppedAt(),
            in.executionStoppedAt());
    return Reports.task(call, in.cluster(), in.task())
        .map(key -> reports.apply(call, key, report, ok))
        .orElse(ok);
  }
}
