// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.report;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.EntityDetails;
import dev.holdfast.aws.iam.EntityInfo;
import dev.holdfast.aws.iam.GetServiceLastAccessedDetailsWithEntitiesRequest;
import dev.holdfast.aws.iam.GetServiceLastAccessedDetailsWithEntitiesResponse;
import dev.holdfast.aws.iam.IamModel;
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

/** GetServiceLastAccessedDetailsWithEntities. */
public record GetServiceLastAccessedDetailsWithEntities(IamState iam, ServiceUses uses)
    implements Operation<
        GetServiceLastAccessedDetailsWithEntitiesRequest,
        GetServiceLastAccessedDetailsWithEntitiesResponse> {
  @Override
  public OperationModel<
          GetServiceLastAccessedDetailsWithEntitiesRequest,
          GetServiceLastAccessedDetailsWithEntitiesResponse>
      model() {
    return IamModel.GET_SERVICE_LAST_ACCESSED_DETAILS_WITH_ENTITIES;
  }

  @Override
  public Access access(Call call, GetServiceLastAccessedDetailsWithEntitiesRequest in) {
    return Access.of("iam:GetServiceLastAccessedDetailsWithEntities");
  }

  @Override
  public GetServiceLastAccessedDetailsWithEntitiesResponse handle(
      Call call, GetServiceLastAccessedDetailsWithEntitiesRequest in) {
    return iam.state().read(view -> details(view, call, in));
  }

  private GetServiceLastAccessedDetailsWithEntitiesResponse details(
      View view, Call call, GetServiceLastAccessedDetailsWithEntitiesRequest in) {
    AccessJob job = AccessJobs.find(view, call, in.jobId());
    Optional<AccessJobs.Subject> subject = AccessJobs.subject(view, call, job);
    List<EntityDetails> all =
        subject
            .map(
                s ->
                    new LastAccessed(uses).entities(view, call.account(), s, in.serviceNamespace()))
            .orElse(List.of());
    Page<EntityDetails> page =
        iam.page(
            call,
            "GetServiceLastAccessedDetailsWithEntities " + job.id() + " " + in.serviceNamespace(),
            all,
            GetServiceLastAccessedDetailsWithEntities::place,
            in.marker(),
            in.maxItems());
    return GetServiceLastAccessedDetailsWithEntitiesResponse.builder()
        .jobStatus(subject.isPresent() ? "COMPLETED" : "FAILED")
        .jobCreationDate(Wire.date(job.made()))
        .jobCompletionDate(Wire.date(job.made()))
        .entityDetailsList(page.items())
        .isTruncated(page.next() != null)
        .marker(page.next())
        .error(subject.isPresent() ? null : GetServiceLastAccessedDetails.gone(job))
        .build();
  }

  private static String place(EntityDetails details) {
    EntityInfo info = details.entityInfo();
    return info.type() + "/" + info.name();
  }
}
