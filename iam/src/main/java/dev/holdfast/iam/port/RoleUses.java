// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.port;

import dev.holdfast.kit.AccountId;
import dev.holdfast.store.View;
import java.util.List;

/** What services need their service-linked roles for. */
@FunctionalInterface
public interface RoleUses {
  /** Nothing is in use: where no service runs. */
  RoleUses NONE = (view, account, service) -> List.of();

  /**
   * The ARNs of what needs the role.
   *
   * @param service such as {@code ecs.amazonaws.com}
   */
  List<String> of(View view, AccountId account, String service);
}
