// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.profile;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.GetInstanceProfileRequest;
import dev.holdfast.aws.iam.GetInstanceProfileResponse;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.Profiles;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** GetInstanceProfile. */
public record GetInstanceProfile(IamState iam)
    implements Operation<GetInstanceProfileRequest, GetInstanceProfileResponse> {
  @Override
  public OperationModel<GetInstanceProfileRequest, GetInstanceProfileResponse> model() {
    return IamModel.GET_INSTANCE_PROFILE;
  }

  @Override
  public Access access(Call call, GetInstanceProfileRequest in) {
    return Access.of(new Profiles(iam).on(call, "GetInstanceProfile", in.instanceProfileName()));
  }

  @Override
  public GetInstanceProfileResponse handle(Call call, GetInstanceProfileRequest in) {
    return iam.state()
        .read(
            view ->
                GetInstanceProfileResponse.builder()
                    .instanceProfile(
                        Wire.profileInFull(
                            view,
                            call.account(),
                            Profiles.profile(view, call.account(), in.instanceProfileName())))
                    .build());
  }
}
