// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.login;

import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.Protocol;
import dev.holdfast.aws.iam.CreateLoginProfileRequest;
import dev.holdfast.aws.iam.CreateLoginProfileResponse;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.Passwords;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** CreateLoginProfile. */
public record CreateLoginProfile(IamState iam)
    implements Operation<CreateLoginProfileRequest, CreateLoginProfileResponse> {
  @Override
  public OperationModel<CreateLoginProfileRequest, CreateLoginProfileResponse> model() {
    return IamModel.CREATE_LOGIN_PROFILE;
  }

  @Override
  public Access access(Call call, CreateLoginProfileRequest in) {
    return Access.of(
        iam.on(
            call, "CreateLoginProfile", EntityKind.USER, IamState.userName(call, in.userName())));
  }

  @Override
  public CreateLoginProfileResponse handle(Call call, CreateLoginProfileRequest in) {
    String name = IamState.userName(call, in.userName());
    String password = in.password();
    if (password == null) {
      throw CommonError.VALIDATION.in(Protocol.QUERY).because("Must specify a password");
    }
    return new Passwords(iam)
        .create(
            call,
            name,
            password,
            Boolean.TRUE.equals(in.passwordResetRequired()),
            profile ->
                CreateLoginProfileResponse.builder()
                    .loginProfile(LoginWire.profile(name, profile))
                    .build());
  }
}
