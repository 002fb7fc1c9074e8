// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.group;

import dev.holdfast.iam.control.IamState;
import dev.holdfast.service.Operation;
import java.util.List;

/** The list of this room's operations. */
public final class GroupOperations {
  private GroupOperations() {}

  public static List<Operation<?, ?>> of(IamState iam) {
    return List.of(
        new AddUserToGroup(iam),
        new AttachGroupPolicy(iam),
        new CreateGroup(iam),
        new DeleteGroup(iam),
        new DeleteGroupPolicy(iam),
        new DetachGroupPolicy(iam),
        new GetGroup(iam),
        new GetGroupPolicy(iam),
        new ListAttachedGroupPolicies(iam),
        new ListGroupPolicies(iam),
        new ListGroups(iam),
        new PutGroupPolicy(iam),
        new RemoveUserFromGroup(iam),
        new UpdateGroup(iam));
  }
}
