// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.factor;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.Tag;
import dev.holdfast.aws.iam.TagMFADeviceRequest;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.MfaDevices;
import dev.holdfast.iam.control.Taggings;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;

/** TagMFADevice. */
public record TagMFADevice(IamState iam) implements Operation<TagMFADeviceRequest, Empty> {
  @Override
  public OperationModel<TagMFADeviceRequest, Empty> model() {
    return IamModel.TAG_MFA_DEVICE;
  }

  @Override
  public Access access(Call call, TagMFADeviceRequest in) {
    return Access.of(
        MfaDevices.on(call, "TagMFADevice", in.serialNumber())
            .requestTags(Tags.map(in.tags(), Tag::key, Tag::value)));
  }

  @Override
  public Empty handle(Call call, TagMFADeviceRequest in) {
    return new Taggings(iam).tag(call, MfaDevices.arn(call, in.serialNumber()), in.tags());
  }
}
