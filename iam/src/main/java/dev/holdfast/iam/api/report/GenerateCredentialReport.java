// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.report;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.GenerateCredentialReportResponse;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.CredentialReports;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** GenerateCredentialReport. */
public record GenerateCredentialReport(IamState iam)
    implements Operation<Empty, GenerateCredentialReportResponse> {
  @Override
  public OperationModel<Empty, GenerateCredentialReportResponse> model() {
    return IamModel.GENERATE_CREDENTIAL_REPORT;
  }

  @Override
  public Access access(Call call, Empty in) {
    return Access.of("iam:GenerateCredentialReport");
  }

  @Override
  public GenerateCredentialReportResponse handle(Call call, Empty in) {
    boolean made = new CredentialReports(iam).make(call);
    return made
        ? GenerateCredentialReportResponse.builder()
            .state("STARTED")
            .description("No report exists. Starting a new report generation task")
            .build()
        : GenerateCredentialReportResponse.builder().state("COMPLETE").build();
  }
}
