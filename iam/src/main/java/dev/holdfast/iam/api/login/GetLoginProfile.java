// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.login;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.GetLoginProfileRequest;
import dev.holdfast.aws.iam.GetLoginProfileResponse;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.Directory;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.Passwords;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** GetLoginProfile. */
public record GetLoginProfile(IamState iam)
    implements Operation<GetLoginProfileRequest, GetLoginProfileResponse> {
  @Override
  public OperationModel<GetLoginProfileRequest, GetLoginProfileResponse> model() {
    return IamModel.GET_LOGIN_PROFILE;
  }

  @Override
  public Access access(Call call, GetLoginProfileRequest in) {
    return Access.of(
        iam.on(call, "GetLoginProfile", EntityKind.USER, IamState.userName(call, in.userName())));
  }

  @Override
  public GetLoginProfileResponse handle(Call call, GetLoginProfileRequest in) {
    String name = IamState.userName(call, in.userName());
    return iam.state()
        .read(
            view ->
                GetLoginProfileResponse.builder()
                    .loginProfile(
                        LoginWire.profile(
                            name,
                            Passwords.profile(
                                view, call.account(), Directory.user(view, call.account(), name))))
                    .build());
  }
}
