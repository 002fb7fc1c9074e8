// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.factor;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.GetMFADeviceRequest;
import dev.holdfast.aws.iam.GetMFADeviceResponse;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.Directory;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.MfaDevices;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** GetMFADevice. */
public record GetMFADevice(IamState iam)
    implements Operation<GetMFADeviceRequest, GetMFADeviceResponse> {
  @Override
  public OperationModel<GetMFADeviceRequest, GetMFADeviceResponse> model() {
    return IamModel.GET_MFA_DEVICE;
  }

  @Override
  public Access access(Call call, GetMFADeviceRequest in) {
    return Access.of(
        iam.on(call, "GetMFADevice", EntityKind.USER, IamState.userName(call, in.userName())));
  }

  @Override
  public GetMFADeviceResponse handle(Call call, GetMFADeviceRequest in) {
    String name = IamState.userName(call, in.userName());
    return iam.state()
        .read(
            view -> {
              var user = Directory.user(view, call.account(), name);
              var device = MfaDevices.of(view, call.account(), user, in.serialNumber());
              return GetMFADeviceResponse.builder()
                  .userName(user.name())
                  .serialNumber(in.serialNumber())
                  .enableDate(MfaWire.enabled(device))
                  .build();
            });
  }
}
