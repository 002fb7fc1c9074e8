// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.factor;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.EnableMFADeviceRequest;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.MfaDevices;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** EnableMFADevice. */
public record EnableMFADevice(IamState iam) implements Operation<EnableMFADeviceRequest, Empty> {
  @Override
  public OperationModel<EnableMFADeviceRequest, Empty> model() {
    return IamModel.ENABLE_MFA_DEVICE;
  }

  @Override
  public Access access(Call call, EnableMFADeviceRequest in) {
    return Access.of(iam.on(call, "EnableMFADevice", EntityKind.USER, in.userName()));
  }

  @Override
  public Empty handle(Call call, EnableMFADeviceRequest in) {
    return new MfaDevices(iam)
        .enable(
            call,
            in.userName(),
            in.serialNumber(),
            new MfaDevices.Pair(in.authenticationCode1(), in.authenticationCode2()));
  }
}
