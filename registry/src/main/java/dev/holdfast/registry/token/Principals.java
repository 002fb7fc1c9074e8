// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.token;

import dev.holdfast.service.Principal;
import java.time.Instant;
import java.util.Optional;

/** Who a registry token stands for, today. */
@FunctionalInterface
public interface Principals {

  /**
   * The principal as it is now: the same identity, key and session, with the tags of today.
   *
   * @param remembered the principal as it was when it asked for the token
   * @return empty where its key is deleted or inactive, its session revoked or over, or its user or
   *     role gone or made anew under another id
   */
  Optional<Principal> current(Principal remembered, Instant now);
}
