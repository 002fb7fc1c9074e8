// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.factor;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ResyncMFADeviceRequest;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.MfaDevices;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** ResyncMFADevice. */
public record ResyncMFADevice(IamState iam) implements Operation<ResyncMFADeviceRequest, Empty> {
  @Override
  public OperationModel<ResyncMFADeviceRequest, Empty> model() {
    return IamModel.RESYNC_MFA_DEVICE;
  }

  @Override
  public Access access(Call call, ResyncMFADeviceRequest in) {
    return Access.of(iam.on(call, "ResyncMFADevice", EntityKind.USER, in.userName()));
  }

  @Override
  public Empty handle(Call call, ResyncMFADeviceRequest in) {
    return new MfaDevices(iam)
        .resync(
            call,
            in.userName(),
            in.serialNumber(),
            new MfaDevices.Pair(in.authenticationCode1(), in.authenticationCode2()));
  }
}
