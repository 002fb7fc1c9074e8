// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.role;

import dev.holdfast.iam.control.IamState;
import dev.holdfast.service.Operation;
import java.util.List;

/** The list of this room's operations. */
public final class RoleOperations {
  private RoleOperations() {}

  public static List<Operation<?, ?>> of(IamState iam) {
    return List.of(
        new AttachRolePolicy(iam),
        new CreateRole(iam),
        new DeleteRole(iam),
        new DeleteRolePermissionsBoundary(iam),
        new DeleteRolePolicy(iam),
        new DetachRolePolicy(iam),
        new GetRole(iam),
        new GetRolePolicy(iam),
        new ListAttachedRolePolicies(iam),
        new ListInstanceProfilesForRole(iam),
        new ListRolePolicies(iam),
        new ListRoleTags(iam),
        new ListRoles(iam),
        new PutRolePermissionsBoundary(iam),
        new PutRolePolicy(iam),
        new TagRole(iam),
        new UntagRole(iam),
        new UpdateAssumeRolePolicy(iam),
        new UpdateRole(iam),
        new UpdateRoleDescription(iam));
  }
}
