// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.factor;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListMFADeviceTagsRequest;
import dev.holdfast.aws.iam.ListMFADeviceTagsResponse;
import dev.holdfast.aws.iam.Tag;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.MfaDevices;
import dev.holdfast.iam.control.Taggings;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens.Page;

/** ListMFADeviceTags. */
public record ListMFADeviceTags(IamState iam)
    implements Operation<ListMFADeviceTagsRequest, ListMFADeviceTagsResponse> {
  @Override
  public OperationModel<ListMFADeviceTagsRequest, ListMFADeviceTagsResponse> model() {
    return IamModel.LIST_MFA_DEVICE_TAGS;
  }

  @Override
  public Access access(Call call, ListMFADeviceTagsRequest in) {
    return Access.of(MfaDevices.on(call, "ListMFADeviceTags", in.serialNumber()));
  }

  @Override
  public ListMFADeviceTagsResponse handle(Call call, ListMFADeviceTagsRequest in) {
    Page<Tag> page =
        new Taggings(iam)
            .list(call, MfaDevices.arn(call, in.serialNumber()), in.marker(), in.maxItems());
    return ListMFADeviceTagsResponse.builder()
        .tags(page.items())
        .isTruncated(page.next() != null)
        .marker(page.next())
        .build();
  }
}
