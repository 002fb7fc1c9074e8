// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.report;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.ErrorDetails;
import dev.holdfast.aws.iam.GetServiceLastAccessedDetailsRequest;
import dev.holdfast.aws.iam.GetServiceLastAccessedDetailsResponse;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ServiceLastAccessed;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.AccessJobs;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.LastAccessed;
import dev.holdfast.iam.control.ServiceUses;
import dev.holdfast.iam.model.AccessJob;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens.Page;
import dev.holdfast.store.View;
import java.util.List;
import java.util.Optional;

/** GetServiceLastAccessedDetails. */
public record GetServiceLastAccessedDetails(IamState iam, ServiceUses uses)
    implements Operation<
        GetServiceLastAccessedDetailsRequest, GetServiceLastAccessedDetailsResponse> {
  @Override
  public OperationModel<GetServiceLastAccessedDetailsRequest, GetServiceLastAccessedDetailsResponse>
      model() {
    return IamModel.GET_SERVICE_LAST_ACCESSED_DETAILS;
  }

  @Override
  public Access access(Call call, GetServiceLastAccessedDetailsRequest in) {
    return Access.of("iam:GetServiceLastAccessedDetails");
  }

  @Override
  public GetServiceLastAccessedDetailsResponse handle(
      Call call, GetServiceLastAccessedDetailsRequest in) {
    return iam.state().read(view -> details(view, call, in));
  }

  private GetServiceLastAccessedDetailsResponse details(
      View view, Call call, GetServiceLastAccessedDetailsRequest in) {
    AccessJob job = AccessJobs.find(view, call, in.jobId());
    Optional<AccessJobs.Subject> subject = AccessJobs.subject(view, call, job);
    List<ServiceLastAccessed> all =
        subject
            .map(s -> new LastAccessed(uses).services(view, call.account(), s, job.byAction()))
            .orElse(List.of());
    Page<ServiceLastAccessed> page =
        iam.page(
            call,
            "GetServiceLastAccessedDetails " + job.id(),
            all,
            service -> String.valueOf(service.serviceNamespace()),
            in.marker(),
            in.maxItems());
    return GetServiceLastAccessedDetailsResponse.builder()
        .jobStatus(subject.isPresent() ? "COMPLETED" : "FAILED")
        .jobType(job.byAction() ? "ACTION_LEVEL" : "SERVICE_LEVEL")
        .jobCreationDate(Wire.date(job.made()))
        .jobCompletionDate(Wire.date(job.made()))
        .servicesLastAccessed(page.items())
        .isTruncated(page.next() != null)
        .marker(page.next())
        .error(subject.isPresent() ? null : gone(job))
        .build();
  }

  static ErrorDetails gone(AccessJob job) {
    return ErrorDetails.builder()
        .code("NoSuchEntity")
        .message(job.arn() + " is not there any more")
        .build();
  }
}
