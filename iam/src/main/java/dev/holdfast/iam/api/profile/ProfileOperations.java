// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.profile;

import dev.holdfast.iam.control.IamState;
import dev.holdfast.service.Operation;
import java.util.List;

/** The list of this room's operations. */
public final class ProfileOperations {
  private ProfileOperations() {}

  public static List<Operation<?, ?>> of(IamState iam) {
    return List.of(
        new AddRoleToInstanceProfile(iam),
        new CreateInstanceProfile(iam),
        new DeleteInstanceProfile(iam),
        new GetInstanceProfile(iam),
        new ListInstanceProfileTags(iam),
        new ListInstanceProfiles(iam),
        new RemoveRoleFromInstanceProfile(iam),
        new TagInstanceProfile(iam),
        new UntagInstanceProfile(iam));
  }
}
