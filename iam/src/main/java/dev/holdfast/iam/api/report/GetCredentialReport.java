// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.report;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.GetCredentialReportResponse;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.CredentialReports;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** GetCredentialReport. */
public record GetCredentialReport(IamState iam)
    implements Operation<Empty, GetCredentialReportResponse> {
  @Override
  public OperationModel<Empty, GetCredentialReportResponse> model() {
    return IamModel.GET_CREDENTIAL_REPORT;
  }

  @Override
  public Access access(Call call, Empty in) {
    return Access.of("iam:GetCredentialReport");
  }

  @Override
  public GetCredentialReportResponse handle(Call call, Empty in) {
    CredentialReports.Report report = new CredentialReports(iam).fetch(call);
    return GetCredentialReportResponse.builder()
        .content(report.content())
        .reportFormat("text/csv")
        .generatedTime(Wire.date(report.made()))
        .build();
  }
}
