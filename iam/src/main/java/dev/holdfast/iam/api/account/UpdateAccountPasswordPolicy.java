// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.account;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.UpdateAccountPasswordPolicyRequest;
import dev.holdfast.iam.control.AccountFacts;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.PasswordRules;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import java.util.Objects;

/** UpdateAccountPasswordPolicy. What is not given takes its default, as at AWS. */
public record UpdateAccountPasswordPolicy(IamState iam)
    implements Operation<UpdateAccountPasswordPolicyRequest, Empty> {
  @Override
  public OperationModel<UpdateAccountPasswordPolicyRequest, Empty> model() {
    return IamModel.UPDATE_ACCOUNT_PASSWORD_POLICY;
  }

  @Override
  public Access access(Call call, UpdateAccountPasswordPolicyRequest in) {
    return Access.of(Demand.on("iam:UpdateAccountPasswordPolicy"));
  }

  @Override
  public Empty handle(Call call, UpdateAccountPasswordPolicyRequest in) {
    var rules =
        new PasswordRules(
            Objects.requireNonNullElse(in.minimumPasswordLength(), 6),
            new PasswordRules.Characters(
                Boolean.TRUE.equals(in.requireSymbols()),
                Boolean.TRUE.equals(in.requireNumbers()),
                Boolean.TRUE.equals(in.requireUppercaseCharacters()),
                Boolean.TRUE.equals(in.requireLowercaseCharacters())),
            Boolean.TRUE.equals(in.allowUsersToChangePassword()),
            Objects.requireNonNullElse(in.maxPasswordAge(), 0),
            in.passwordReusePrevention(),
            in.hardExpiry());
    return new AccountFacts(iam).change(call, (_, account) -> account.with(rules), new Empty());
  }
}
