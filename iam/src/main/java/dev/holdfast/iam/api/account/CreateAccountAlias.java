// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.account;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.CreateAccountAliasRequest;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.AccountFacts;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;

/** CreateAccountAlias. */
public record CreateAccountAlias(IamState iam)
    implements Operation<CreateAccountAliasRequest, Empty> {
  @Override
  public OperationModel<CreateAccountAliasRequest, Empty> model() {
    return IamModel.CREATE_ACCOUNT_ALIAS;
  }

  @Override
  public Access access(Call call, CreateAccountAliasRequest in) {
    return Access.of(Demand.on("iam:CreateAccountAlias"));
  }

  @Override
  public Empty handle(Call call, CreateAccountAliasRequest in) {
    return new AccountFacts(iam)
        .change(
            call,
            (tx, account) -> AccountFacts.called(tx, account, in.accountAlias()),
            new Empty());
  }
}
