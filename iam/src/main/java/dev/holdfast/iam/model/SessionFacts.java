// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.service.Principal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a session token says of its session.
 *
 * @param id 32 hex digits
 * @param owner the user or role
 * @param name the role session name; empty for a user's own session
 * @param document the hash of the {@link SessionDocument}, or null where there is none
 * @param chained whether a role session opened this one
 */
public record SessionFacts(
    String id,
    Owner owner,
    String name,
    Instant issued,
    Instant expires,
    @Nullable Instant mfaAt,
    @Nullable String sourceIdentity,
    @Nullable String document,
    boolean chained) {

  /** Whose session it is. */
  public record Owner(Principal.Kind kind, AccountId account, String uniqueId, String name) {}
}
