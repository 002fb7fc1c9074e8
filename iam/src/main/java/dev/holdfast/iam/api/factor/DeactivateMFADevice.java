// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.factor;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.DeactivateMFADeviceRequest;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.MfaDevices;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** DeactivateMFADevice. */
public record DeactivateMFADevice(IamState iam)
    implements Operation<DeactivateMFADeviceRequest, Empty> {
  @Override
  public OperationModel<DeactivateMFADeviceRequest, Empty> model() {
    return IamModel.DEACTIVATE_MFA_DEVICE;
  }

  @Override
  public Access access(Call call, DeactivateMFADeviceRequest in) {
    return Access.of(
        iam.on(
            call, "DeactivateMFADevice", EntityKind.USER, IamState.userName(call, in.userName())));
  }

  @Override
  public Empty handle(Call call, DeactivateMFADeviceRequest in) {
    return new MfaDevices(iam)
        .deactivate(call, IamState.userName(call, in.userName()), in.serialNumber());
  }
}
