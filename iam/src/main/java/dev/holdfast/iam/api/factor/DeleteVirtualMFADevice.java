// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.factor;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.DeleteVirtualMFADeviceRequest;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.MfaDevices;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** DeleteVirtualMFADevice. */
public record DeleteVirtualMFADevice(IamState iam)
    implements Operation<DeleteVirtualMFADeviceRequest, Empty> {
  @Override
  public OperationModel<DeleteVirtualMFADeviceRequest, Empty> model() {
    return IamModel.DELETE_VIRTUAL_MFA_DEVICE;
  }

  @Override
  public Access access(Call call, DeleteVirtualMFADeviceRequest in) {
    return Access.of(MfaDevices.on(call, "DeleteVirtualMFADevice", in.serialNumber()));
  }

  @Override
  public Empty handle(Call call, DeleteVirtualMFADeviceRequest in) {
    return new MfaDevices(iam).delete(call, in.serialNumber());
  }
}
