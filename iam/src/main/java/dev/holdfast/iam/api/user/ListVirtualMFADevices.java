// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.user;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListVirtualMFADevicesRequest;
import dev.holdfast.aws.iam.ListVirtualMFADevicesResponse;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import java.util.List;

/** ListVirtualMFADevices: there are none here yet. */
public record ListVirtualMFADevices(IamState iam)
    implements Operation<ListVirtualMFADevicesRequest, ListVirtualMFADevicesResponse> {
  @Override
  public OperationModel<ListVirtualMFADevicesRequest, ListVirtualMFADevicesResponse> model() {
    return IamModel.LIST_VIRTUAL_MFA_DEVICES;
  }

  @Override
  public Access access(Call call, ListVirtualMFADevicesRequest in) {
    return Access.of("iam:ListVirtualMFADevices");
  }

  @Override
  public ListVirtualMFADevicesResponse handle(Call call, ListVirtualMFADevicesRequest in) {
    return ListVirtualMFADevicesResponse.builder()
        .virtualMFADevices(List.of())
        .isTruncated(false)
        .build();
  }
}
