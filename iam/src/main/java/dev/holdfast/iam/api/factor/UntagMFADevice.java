// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.factor;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.UntagMFADeviceRequest;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.MfaDevices;
import dev.holdfast.iam.control.Taggings;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** UntagMFADevice. */
public record UntagMFADevice(IamState iam) implements Operation<UntagMFADeviceRequest, Empty> {
  @Override
  public OperationModel<UntagMFADeviceRequest, Empty> model() {
    return IamModel.UNTAG_MFA_DEVICE;
  }

  @Override
  public Access access(Call call, UntagMFADeviceRequest in) {
    return Access.of(
        MfaDevices.on(call, "UntagMFADevice", in.serialNumber()).tagKeys(in.tagKeys()));
  }

  @Override
  public Empty handle(Call call, UntagMFADeviceRequest in) {
    return new Taggings(iam).untag(call, MfaDevices.arn(call, in.serialNumber()), in.tagKeys());
  }
}
