// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.profile;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.UntagInstanceProfileRequest;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.Profiles;
import dev.holdfast.iam.control.Taggings;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** UntagInstanceProfile. */
public record UntagInstanceProfile(IamState iam)
    implements Operation<UntagInstanceProfileRequest, Empty> {
  @Override
  public OperationModel<UntagInstanceProfileRequest, Empty> model() {
    return IamModel.UNTAG_INSTANCE_PROFILE;
  }

  @Override
  public Access access(Call call, UntagInstanceProfileRequest in) {
    return Access.of(
        new Profiles(iam)
            .on(call, "UntagInstanceProfile", in.instanceProfileName())
            .tagKeys(in.tagKeys()));
  }

  @Override
  public Empty handle(Call call, UntagInstanceProfileRequest in) {
    return new Taggings(iam)
        .untag(call, Profiles.arn(call, in.instanceProfileName()), in.tagKeys());
  }
}
