// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.sts;

import dev.holdfast.iam.control.Directory;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.PolicySets;
import dev.holdfast.iam.model.Role;
import dev.holdfast.iam.model.Trust;
import dev.holdfast.policy.NamedPolicy;
import dev.holdfast.service.Call;
import dev.holdfast.store.View;

/** The role that a call was judged by: its sessions are opened while it is that role alone. */
record JudgedRole(String id, Trust trust) {
  private static JudgedRole of(Role role) {
    return new JudgedRole(role.id(), role.trust());
  }

  /** The trust policy that a call is judged by; of a role that there is not, one of nobody. */
  static NamedPolicy trust(IamState iam, PolicySets sets, Call call, String roleArn) {
    Role role = iam.state().read(view -> Directory.roleByArn(view, roleArn)).orElse(null);
    if (role != null) {
      call.record().rests(of(role));
    }
    return sets.trust(role);
  }

  /** Whether the role is still the one, and trusts whom it trusted. */
  static boolean stands(View view, Call call, String roleArn) {
    return Directory.roleByArn(view, roleArn)
        .map(JudgedRole::of)
        .filter(call.record()::restsOn)
        .isPresent();
  }
}
