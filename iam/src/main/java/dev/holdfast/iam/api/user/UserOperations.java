// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.user;

import dev.holdfast.iam.control.IamState;
import dev.holdfast.service.Operation;
import java.util.List;

/** The list of this room's operations. */
public final class UserOperations {
  private UserOperations() {}

  public static List<Operation<?, ?>> of(IamState iam) {
    return List.of(
        new AttachUserPolicy(iam),
        new CreateAccessKey(iam),
        new CreateUser(iam),
        new DeleteAccessKey(iam),
        new DeleteUser(iam),
        new DeleteUserPermissionsBoundary(iam),
        new DeleteUserPolicy(iam),
        new DetachUserPolicy(iam),
        new GetAccessKeyLastUsed(iam),
        new GetUser(iam),
        new GetUserPolicy(iam),
        new ListAccessKeys(iam),
        new ListAttachedUserPolicies(iam),
        new ListGroupsForUser(iam),
        new ListSSHPublicKeys(iam),
        new ListServiceSpecificCredentials(iam),
        new ListSigningCertificates(iam),
        new ListUserPolicies(iam),
        new ListUserTags(iam),
        new ListUsers(iam),
        new PutUserPermissionsBoundary(iam),
        new PutUserPolicy(iam),
        new TagUser(iam),
        new UntagUser(iam),
        new UpdateAccessKey(iam),
        new UpdateUser(iam));
  }
}
