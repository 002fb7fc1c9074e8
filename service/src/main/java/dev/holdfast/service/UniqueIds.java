// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.kit.Arn;
import dev.holdfast.store.View;
import java.util.Optional;

/** Knows users, roles and accounts apart from others that get their names later. */
@FunctionalInterface
public interface UniqueIds {

  /**
   * The unique id of whom an ARN names in a state: {@code AIDA...} of a user, {@code AROA...} of a
   * role, that with the session's name behind it for a role's session, the digits of an account for
   * its root.
   *
   * @return empty where there is nobody of that name
   */
  Optional<String> of(View view, Arn principal);
}
