// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms;

import dev.holdfast.kit.Arn;
import java.util.Optional;

/** Knows users, roles and accounts apart from others that get their names later. */
@FunctionalInterface
public interface Principals {

  /**
   * The unique id of whom an ARN names now: {@code AIDA...} of a user, {@code AROA...} of a role,
   * that with the session's name behind it for a role's session, the digits of an account.
   *
   * @return empty where there is nobody of that name
   */
  Optional<String> uniqueId(Arn principal);
}
