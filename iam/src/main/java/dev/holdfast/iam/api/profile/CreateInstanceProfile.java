// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.profile;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.CreateInstanceProfileRequest;
import dev.holdfast.aws.iam.CreateInstanceProfileResponse;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.Tag;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.Profiles;
import dev.holdfast.iam.control.Taggings;
import dev.holdfast.iam.model.StoredProfile;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;
import java.util.Map;

/** CreateInstanceProfile. */
public record CreateInstanceProfile(IamState iam)
    implements Operation<CreateInstanceProfileRequest, CreateInstanceProfileResponse> {
  @Override
  public OperationModel<CreateInstanceProfileRequest, CreateInstanceProfileResponse> model() {
    return IamModel.CREATE_INSTANCE_PROFILE;
  }

  @Override
  public Access access(Call call, CreateInstanceProfileRequest in) {
    return access(
        in, StoredProfile.arn(call.account(), Wire.path(in.path()), in.instanceProfileName()));
  }

  @Override
  public CreateInstanceProfileResponse handle(Call call, CreateInstanceProfileRequest in) {
    Map<String, String> tags = Taggings.given(in.tags());
    var profile =
        new StoredProfile(
            in.instanceProfileName(), Wire.path(in.path()), iam.id("AIPA"), call.now(), null);
    return iam.state()
        .commit(
            call,
            tx -> {
              Profiles.add(tx, call, profile, tags);
              return CreateInstanceProfileResponse.builder()
                  .instanceProfile(Wire.profileInFull(tx, call.account(), profile))
                  .build();
            });
  }

  private static Access access(CreateInstanceProfileRequest in, Arn arn) {
    Map<String, String> tags = Tags.map(in.tags(), Tag::key, Tag::value);
    Access access = Access.of(Demand.on("iam:CreateInstanceProfile", arn).made(tags));
    return tags.isEmpty()
        ? access
        : access.and(Demand.on("iam:TagInstanceProfile", arn).made(tags));
  }
}
