// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.role;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListInstanceProfilesForRoleRequest;
import dev.holdfast.aws.iam.ListInstanceProfilesForRoleResponse;
import dev.holdfast.iam.control.Directory;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
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
    iam.state().read(view -> Directory.role(view, call.account(), in.roleName()));
    return ListInstanceProfilesForRoleResponse.builder()
        .instanceProfiles(List.of())
        .isTruncated(false)
        .build();
  }
}
