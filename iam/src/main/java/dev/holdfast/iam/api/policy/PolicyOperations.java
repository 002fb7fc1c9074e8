// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.policy;

import dev.holdfast.iam.control.IamState;
import dev.holdfast.service.Operation;
import java.util.List;

/** The list of this room's operations. */
public final class PolicyOperations {
  private PolicyOperations() {}

  public static List<Operation<?, ?>> of(IamState iam) {
    return List.of(
        new CreatePolicy(iam),
        new CreatePolicyVersion(iam),
        new DeletePolicy(iam),
        new DeletePolicyVersion(iam),
        new GetPolicy(iam),
        new GetPolicyVersion(iam),
        new ListEntitiesForPolicy(iam),
        new ListPolicies(iam),
        new ListPolicyTags(iam),
        new ListPolicyVersions(iam),
        new SetDefaultPolicyVersion(iam),
        new TagPolicy(iam),
        new UntagPolicy(iam));
  }
}
