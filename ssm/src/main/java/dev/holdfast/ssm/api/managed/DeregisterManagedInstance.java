// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.api.managed;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ssm.DeregisterManagedInstanceRequest;
import dev.holdfast.aws.ssm.DeregisterManagedInstanceResult;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;
import dev.holdfast.ssm.model.ManagedInstance;
import dev.holdfast.ssm.model.ManagedTables;

/** Forgets a machine: from this commit on its key and all its credentials are void. */
public record DeregisterManagedInstance(Managed managed)
    implements Operation<DeregisterManagedInstanceRequest, DeregisterManagedInstanceResult> {
  @Override
  public OperationModel<DeregisterManagedInstanceRequest, DeregisterManagedInstanceResult> model() {
    return SsmModel.DEREGISTER_MANAGED_INSTANCE;
  }

  @Override
  public Access access(Call call, DeregisterManagedInstanceRequest in) {
    return Access.of(Managed.onInstance(call, "ssm:DeregisterManagedInstance", in.instanceId()));
  }

  @Override
  public DeregisterManagedInstanceResult handle(Call call, DeregisterManagedInstanceRequest in) {
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
              managed
                  .roles()
                  .end(
                      tx,
                      instance.account(),
                      instance.sessions().stream().map(ManagedInstance.Opened::id).toList(),
                      call.now());
              ManagedTables.delete(tx, instance);
              Tags.delete(tx, instance.account(), instance.arn());
              return new DeregisterManagedInstanceResult();
            });
  }
}
