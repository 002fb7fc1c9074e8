// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.account;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamError;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.AccountFacts;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.PasswordRules;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;

/** DeleteAccountPasswordPolicy. */
public record DeleteAccountPasswordPolicy(IamState iam) implements Operation<Empty, Empty> {
  @Override
  public OperationModel<Empty, Empty> model() {
    return IamModel.DELETE_ACCOUNT_PASSWORD_POLICY;
  }

  @Override
  public Access access(Call call, Empty in) {
    return Access.of(Demand.on("iam:DeleteAccountPasswordPolicy"));
  }

  @Override
  public Empty handle(Call call, Empty in) {
    return new AccountFacts(iam)
        .change(
            call,
            (_, account) -> {
              if (account.passwords() == null) {
                throw IamError.NO_SUCH_ENTITY.because(
                    "The account policy with name PasswordPolicy cannot be found.");
              }
              return account.with((PasswordRules) null);
            },
            new Empty());
  }
}
