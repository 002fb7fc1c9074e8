// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.api.managed;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.aws.ssm.UpdateManagedInstanceRoleRequest;
import dev.holdfast.aws.ssm.UpdateManagedInstanceRoleResult;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.ssm.model.Activation.MachineRole;
import dev.holdfast.ssm.model.ManagedInstance;
import dev.holdfast.ssm.model.ManagedTables;

/** Gives a machine another role, which its next credentials are of; earlier ones run out. */
public record UpdateManagedInstanceRole(Managed managed)
    implements Operation<UpdateManagedInstanceRoleRequest, UpdateManagedInstanceRoleResult> {
  private static final String ACTION = "ssm:UpdateManagedInstanceRole";

  @Override
  public OperationModel<UpdateManagedInstanceRoleRequest, UpdateManagedInstanceRoleResult> model() {
    return SsmModel.UPDATE_MANAGED_INSTANCE_ROLE;
  }

  @Override
  public Access access(Call call, UpdateManagedInstanceRoleRequest in) {
    String role = Managed.role(call, in.iamRole()).arn();
    return Access.of(
        Managed.onInstance(call, ACTION, in.instanceId()),
        Demand.on(ACTION, Arn.parse(role).orElseThrow()),
        Managed.passing(call, role));
  }

  @Override
  public UpdateManagedInstanceRoleResult handle(Call call, UpdateManagedInstanceRoleRequest in) {
    MachineRole role = Managed.role(call, in.iamRole());
    return managed
        .state()
        .commit(
            call,
            tx -> {
              ManagedInstance instance =
                  Managed.required(
                      ManagedTables.instance(tx, call.account(), in.instanceId()),
                      call,
                      in.instanceId());
              managed.requireTrusting(tx, call, role);
              ManagedTables.put(tx, instance.as(role));
              return new UpdateManagedInstanceRoleResult();
            });
  }
}
