// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.report;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.GenerateServiceLastAccessedDetailsRequest;
import dev.holdfast.aws.iam.GenerateServiceLastAccessedDetailsResponse;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.AccessJobs;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** GenerateServiceLastAccessedDetails. */
public record GenerateServiceLastAccessedDetails(IamState iam)
    implements Operation<
        GenerateServiceLastAccessedDetailsRequest, GenerateServiceLastAccessedDetailsResponse> {
  @Override
  public OperationModel<
          GenerateServiceLastAccessedDetailsRequest, GenerateServiceLastAccessedDetailsResponse>
      model() {
    return IamModel.GENERATE_SERVICE_LAST_ACCESSED_DETAILS;
  }

  @Override
  public Access access(Call call, GenerateServiceLastAccessedDetailsRequest in) {
    return Access.of("iam:GenerateServiceLastAccessedDetails", AccessJobs.arn(in.arn()));
  }

  @Override
  public GenerateServiceLastAccessedDetailsResponse handle(
      Call call, GenerateServiceLastAccessedDetailsRequest in) {
    boolean byAction = "ACTION_LEVEL".equals(in.granularity());
    return GenerateServiceLastAccessedDetailsResponse.builder()
        .jobId(new AccessJobs(iam).ask(call, in.arn(), byAction).id())
        .build();
  }
}
