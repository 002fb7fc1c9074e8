// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.role;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.InstanceProfile;
import dev.holdfast.aws.iam.ListInstanceProfilesForRoleRequest;
import dev.holdfast.aws.iam.ListInstanceProfilesForRoleResponse;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.Directory;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.Profiles;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens.Page;
import java.util.List;

/** ListInstanceProfilesForRole. */
public record ListInstanceProfilesForRole(IamState iam)
    implements Operation<ListInstanceProfilesForRoleRequest, ListInstanceProfilesForRoleResponse> {
  @Override
  public OperationModel<ListInstanceProfilesForRoleRequest, ListInstanceProfilesForRoleResponse>
      model() {
    return IamModel.LIST_INSTANCE_PROFILES_FOR_ROLE;
  }

  @Override
  public Access access(Call call, ListInstanceProfilesForRoleRequest in) {
    return Access.of(iam.on(call, "ListInstanceProfilesForRole", EntityKind.ROLE, in.roleName()));
  }

  @Override
  public ListInstanceProfilesForRoleResponse handle(
      Call call, ListInstanceProfilesForRoleRequest in) {
    List<InstanceProfile> all =
        iam.state()
            .read(
                view ->
                    Profiles.of(
                            view,
                            call.account(),
                            Directory.role(view, call.account(), in.roleName()))
                        .stream()
                        .map(profile -> Wire.profile(view, call.account(), profile))
                        .toList());
    Page<InstanceProfile> page =
        iam.page(
            call,
            "ListInstanceProfilesForRole " + in.roleName(),
            all,
            profile -> String.valueOf(profile.instanceProfileName()),
            in.marker(),
            in.maxItems());
    return ListInstanceProfilesForRoleResponse.builder()
        .instanceProfiles(page.items())
        .isTruncated(page.next() != null)
        .marker(page.next())
        .build();
  }
}
