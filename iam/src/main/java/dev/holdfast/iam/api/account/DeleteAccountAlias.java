// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.account;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.DeleteAccountAliasRequest;
import dev.holdfast.aws.iam.IamError;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.AccountFacts;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;

/** DeleteAccountAlias. */
public record DeleteAccountAlias(IamState iam)
    implements Operation<DeleteAccountAliasRequest, Empty> {
  @Override
  public OperationModel<DeleteAccountAliasRequest, Empty> model() {
    return IamModel.DELETE_ACCOUNT_ALIAS;
  }

  @Override
  public Access access(Call call, DeleteAccountAliasRequest in) {
    return Access.of(Demand.on("iam:DeleteAccountAlias"));
  }

  @Override
  public Empty handle(Call call, DeleteAccountAliasRequest in) {
    return new AccountFacts(iam)
        .change(
            call,
            (tx, account) -> {
              if (!in.accountAlias().equals(account.alias())) {
                throw IamError.NO_SUCH_ENTITY.because(
                    "The account alias with name %s cannot be found.", in.accountAlias());
              }
              return account.called(null);
            },
            new Empty());
  }
}
