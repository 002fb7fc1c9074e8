// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.profile;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListInstanceProfilesRequest;
import dev.holdfast.aws.iam.ListInstanceProfilesResponse;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.StoredProfile;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens.Page;
import dev.holdfast.store.View;
import java.util.List;

/** ListInstanceProfiles. */
public record ListInstanceProfiles(IamState iam)
    implements Operation<ListInstanceProfilesRequest, ListInstanceProfilesResponse> {
  @Override
  public OperationModel<ListInstanceProfilesRequest, ListInstanceProfilesResponse> model() {
    return IamModel.LIST_INSTANCE_PROFILES;
  }

  @Override
  public Access access(Call call, ListInstanceProfilesRequest in) {
    return Access.of(
        "iam:ListInstanceProfiles",
        Arn.global("iam", call.account(), "instance-profile" + Wire.path(in.pathPrefix())));
  }

  @Override
  public ListInstanceProfilesResponse handle(Call call, ListInstanceProfilesRequest in) {
    return iam.state().read(view -> profiles(view, call, in));
  }

  private ListInstanceProfilesResponse profiles(
      View view, Call call, ListInstanceProfilesRequest in) {
    String prefix = Wire.path(in.pathPrefix());
    Page<StoredProfile> page =
        iam.page(
            call,
            "ListInstanceProfiles " + prefix,
            (after, limit) ->
                view.list(IamTables.PROFILES, call.account(), List.of(), after, limit),
            profile -> Entity.fold(profile.name()),
            profile -> profile.path().startsWith(prefix),
            in.marker(),
            in.maxItems());
    return ListInstanceProfilesResponse.builder()
        .instanceProfiles(
            page.items().stream()
                .map(profile -> Wire.profile(view, call.account(), profile))
                .toList())
        .isTruncated(page.next() != null)
        .marker(page.next())
        .build();
  }
}
