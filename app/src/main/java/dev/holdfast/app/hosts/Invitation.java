// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.hosts;

import dev.holdfast.store.Table;
import java.time.Instant;
import java.util.List;

/**
 * Leave for one machine to join under one name, once.
 *
 * @param id the first part of the join code
 * @param name what the machine will be called
 * @param hash the SHA-256 of the whole join code, in hex; the code itself is kept nowhere
 */
public record Invitation(String id, String name, String hash, Instant expires) {
  /** Rows of the platform's own account. */
  public static final Table<String, Invitation> TABLE =
      Table.of("host-invitations", Invitation.class, List::of);
}
