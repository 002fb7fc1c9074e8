// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.login;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.ChangePasswordRequest;
import dev.holdfast.aws.iam.IamError;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.Passwords;
import dev.holdfast.kit.Arn;
import dev.holdfast.policy.Gate;
import dev.holdfast.policy.NamedPolicy;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Principal;

/**
 * ChangePassword: of the user that calls. Where the account's password policy lets users change
 * theirs, that is leave enough, as long as nothing denies it.
 */
public record ChangePassword(IamState iam) implements Operation<ChangePasswordRequest, Empty> {
  @Override
  public OperationModel<ChangePasswordRequest, Empty> model() {
    return IamModel.CHANGE_PASSWORD;
  }

  @Override
  public Access access(Call call, ChangePasswordRequest in) {
    Principal.Identity identity = call.principal().identity();
    if (identity.kind() != Principal.Kind.USER) {
      throw IamError.INVALID_USER_TYPE.because("Only IAM Users can change their own password");
    }
    Demand demand = Demand.on("iam:ChangePassword", identity.arn());
    return Access.of(
        new Passwords(iam).usersMayChange(call)
            ? demand.judgedBy(allowing(identity.arn()), Gate.NONE)
            : demand);
  }

  @Override
  public Empty handle(Call call, ChangePasswordRequest in) {
    return new Passwords(iam).change(call, in.oldPassword(), in.newPassword());
  }

  private static NamedPolicy allowing(Arn user) {
    return new NamedPolicy(
        "account password policy",
        PolicyDocument.parse(
            """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"%1$s"},\
            "Action":"iam:ChangePassword","Resource":"%1$s"}]}\
            """
                .formatted(user),
            PolicyDocument.Kind.RESOURCE));
  }
}
