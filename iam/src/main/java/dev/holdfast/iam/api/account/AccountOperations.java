// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.account;

import dev.holdfast.iam.control.IamState;
import dev.holdfast.service.Operation;
import java.util.List;

/** The list of this room's operations. */
public final class AccountOperations {
  private AccountOperations() {}

  public static List<Operation<?, ?>> of(IamState iam) {
    return List.of(
        new CreateAccountAlias(iam),
        new DeleteAccountAlias(iam),
        new DeleteAccountPasswordPolicy(iam),
        new GetAccountAuthorizationDetails(iam),
        new GetAccountPasswordPolicy(iam),
        new GetAccountSummary(iam),
        new ListAccountAliases(iam),
        new UpdateAccountPasswordPolicy(iam));
  }
}
