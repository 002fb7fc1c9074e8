// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.profile;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.Tag;
import dev.holdfast.aws.iam.TagInstanceProfileRequest;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.Profiles;
import dev.holdfast.iam.control.Taggings;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;

/** TagInstanceProfile. */
public record TagInstanceProfile(IamState iam)
    implements Operation<TagInstanceProfileRequest, Empty> {
  @Override
  public OperationModel<TagInstanceProfileRequest, Empty> model() {
    return IamModel.TAG_INSTANCE_PROFILE;
  }

  @Override
  public Access access(Call call, TagInstanceProfileRequest in) {
    return Access.of(
        new Profiles(iam)
            .on(call, "TagInstanceProfile", in.instanceProfileName())
            .requestTags(Tags.map(in.tags(), Tag::key, Tag::value)));
  }

  @Override
  public Empty handle(Call call, TagInstanceProfileRequest in) {
    return new Taggings(iam).tag(call, Profiles.arn(call, in.instanceProfileName()), in.tags());
  }
}
