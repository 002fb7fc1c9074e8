// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.factor;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListVirtualMFADevicesRequest;
import dev.holdfast.aws.iam.ListVirtualMFADevicesResponse;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.MfaDevice;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens.Page;
import dev.holdfast.store.View;
import java.util.List;
import java.util.Objects;

/** ListVirtualMFADevices. */
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
    return iam.state().read(view -> devices(view, call, in));
  }

  private ListVirtualMFADevicesResponse devices(
      View view, Call call, ListVirtualMFADevicesRequest in) {
    String status = Objects.requireNonNullElse(in.assignmentStatus(), "Any");
    Page<MfaDevice> page =
        iam.page(
            call,
            "ListVirtualMFADevices " + status,
            (after, limit) ->
                view.list(IamTables.MFA_DEVICES, call.account(), List.of(), after, limit),
            device -> Entity.fold(device.key()),
            device -> status.equals("Any") || status.equals("Assigned") == (device.owner() != null),
            in.marker(),
            in.maxItems());
    return ListVirtualMFADevicesResponse.builder()
        .virtualMFADevices(
            page.items().stream()
                .map(device -> MfaWire.virtual(view, call.account(), device))
                .toList())
        .isTruncated(page.next() != null)
        .marker(page.next())
        .build();
  }
}
