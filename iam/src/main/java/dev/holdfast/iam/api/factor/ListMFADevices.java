// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.factor;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListMFADevicesRequest;
import dev.holdfast.aws.iam.ListMFADevicesResponse;
import dev.holdfast.iam.control.Directory;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.MfaDevices;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** ListMFADevices: a user has eight at most, which is one page. */
public record ListMFADevices(IamState iam)
    implements Operation<ListMFADevicesRequest, ListMFADevicesResponse> {
  @Override
  public OperationModel<ListMFADevicesRequest, ListMFADevicesResponse> model() {
    return IamModel.LIST_MFA_DEVICES;
  }

  @Override
  public Access access(Call call, ListMFADevicesRequest in) {
    return Access.of(
        iam.on(call, "ListMFADevices", EntityKind.USER, IamState.userName(call, in.userName())));
  }

  @Override
  public ListMFADevicesResponse handle(Call call, ListMFADevicesRequest in) {
    String name = IamState.userName(call, in.userName());
    return iam.state()
        .read(
            view ->
                ListMFADevicesResponse.builder()
                    .mfaDevices(
                        MfaDevices.of(
                                view,
                                call.account(),
                                Directory.user(view, call.account(), name).id())
                            .stream()
                            .map(device -> MfaWire.device(call.account(), device))
                            .toList())
                    .isTruncated(false)
                    .build());
  }
}
