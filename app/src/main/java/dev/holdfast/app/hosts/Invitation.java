// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.hosts;

import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.store.Table;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Leave for one machine to join under one name, once.
 *
 * @param id the first part of the join code
 * @param name what the machine will be called
 * @param hash the SHA-256 of the whole join code, in hex; the code itself is kept nowhere
 * @param cluster the only one that the machine will be for, or null for every one
 * @param attributes what is said of the machine
 */
public record Invitation(
    String id,
    String name,
    String hash,
    Instant expires,
    Cluster.@Nullable Key cluster,
    Map<String, String> attributes) {
  /** Rows of the platform's own account. */
  public static final Table<String, Invitation> TABLE =
      Table.of("host-invitations", Invitation.class, List::of);
}
