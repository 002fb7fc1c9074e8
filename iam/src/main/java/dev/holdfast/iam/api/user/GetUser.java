// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.user;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.GetUserRequest;
import dev.holdfast.aws.iam.GetUserResponse;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.User;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.Directory;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Principal;

/** GetUser. */
public record GetUser(IamState iam) implements Operation<GetUserRequest, GetUserResponse> {
  @Override
  public OperationModel<GetUserRequest, GetUserResponse> model() {
    return IamModel.GET_USER;
  }

  @Override
  public Access access(Call call, GetUserRequest in) {
    if (in.userName() == null && call.principal().identity().kind() == Principal.Kind.ROOT) {
      return Access.of("iam:GetUser", call.principal().identity().arn());
    }
    return Access.of(
        iam.on(call, "GetUser", EntityKind.USER, IamState.userName(call, in.userName())));
  }

  @Override
  public GetUserResponse handle(Call call, GetUserRequest in) {
    if (in.userName() == null && call.principal().identity().kind() == Principal.Kind.ROOT) {
      return GetUserResponse.builder().user(root(call)).build();
    }
    String name = IamState.userName(call, in.userName());
    User user =
        iam.state()
            .read(
                view ->
                    Wire.user(view, call.account(), Directory.user(view, call.account(), name)));
    return GetUserResponse.builder().user(user).build();
  }

  private static User root(Call call) {
    return User.builder()
        .path("/")
        .userName("root")
        .userId(call.account().digits())
        .arn(call.principal().identity().arn().toString())
        .createDate(Wire.date(call.now()))
        .build();
  }
}
