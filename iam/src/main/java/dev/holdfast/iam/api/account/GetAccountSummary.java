// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.account;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.GetAccountSummaryResponse;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.AccountFacts;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;

/** GetAccountSummary. */
public record GetAccountSummary(IamState iam)
    implements Operation<Empty, GetAccountSummaryResponse> {
  @Override
  public OperationModel<Empty, GetAccountSummaryResponse> model() {
    return IamModel.GET_ACCOUNT_SUMMARY;
  }

  @Override
  public Access access(Call call, Empty in) {
    return Access.of(Demand.on("iam:GetAccountSummary"));
  }

  @Override
  public GetAccountSummaryResponse handle(Call call, Empty in) {
    return GetAccountSummaryResponse.builder()
        .summaryMap(new AccountFacts(iam).summary(call))
        .build();
  }
}
