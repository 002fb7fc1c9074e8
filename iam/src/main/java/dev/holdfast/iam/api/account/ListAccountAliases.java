// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.account;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListAccountAliasesRequest;
import dev.holdfast.aws.iam.ListAccountAliasesResponse;
import dev.holdfast.iam.control.AccountFacts;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import java.util.List;

/** ListAccountAliases. */
public record ListAccountAliases(IamState iam)
    implements Operation<ListAccountAliasesRequest, ListAccountAliasesResponse> {
  @Override
  public OperationModel<ListAccountAliasesRequest, ListAccountAliasesResponse> model() {
    return IamModel.LIST_ACCOUNT_ALIASES;
  }

  @Override
  public Access access(Call call, ListAccountAliasesRequest in) {
    return Access.of(Demand.on("iam:ListAccountAliases"));
  }

  @Override
  public ListAccountAliasesResponse handle(Call call, ListAccountAliasesRequest in) {
    String alias = iam.state().read(view -> AccountFacts.of(view, call.account())).alias();
    return ListAccountAliasesResponse.builder()
        .accountAliases(alias == null ? List.of() : List.of(alias))
        .isTruncated(false)
        .build();
  }
}
