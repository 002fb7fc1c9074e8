// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.model;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Another machine that joined the platform with an agent of ours. Its measures and what is booked
 * on it are in the {@link Host} of the same id.
 *
 * @param id 32 hexadecimal digits, never used again
 * @param name what people call it; one host at a time has it
 * @param key the SHA-256 of its public key (SubjectPublicKeyInfo), in hex
 * @param draining whether it takes no new tasks
 * @param next the same of the key that it will have as soon as it shows its certificate, or null
 * @param cluster the only one that its tasks are of, or null where it is offered to every cluster
 * @param attributes what its operator said of it, an absent value as the empty text
 */
public record JoinedHost(
    String id,
    String name,
    String key,
    Instant joinedAt,
    boolean draining,
    @Nullable String next,
    Cluster.@Nullable Key cluster,
    Map<String, String> attributes) {
  /** A host with one key, for every cluster. */
  public JoinedHost(String id, String name, String key, Instant joinedAt, boolean draining) {
    this(id, name, key, joinedAt, draining, null, null, Map.of());
  }

  /** Whether a cluster may have it as an instance. */
  public boolean offeredTo(Cluster.Key other) {
    return cluster == null || cluster.equals(other);
  }

  /** As its operator wants it: for one cluster, or for every one where that is null. */
  public JoinedHost kept(Cluster.@Nullable Key to, Map<String, String> said) {
    return new JoinedHost(id, name, key, joinedAt, draining, next, to, said);
  }

  public JoinedHost with(boolean drains) {
    return new JoinedHost(id, name, key, joinedAt, drains, next, cluster, attributes);
  }

  /** This host before it has shown another key. */
  public JoinedHost awaits(String other) {
    return new JoinedHost(id, name, key, joinedAt, draining, other, cluster, attributes);
  }

  /** This host with a key that it has shown, and no other. */
  public JoinedHost has(String shown) {
    return new JoinedHost(id, name, shown, joinedAt, draining, null, cluster, attributes);
  }
}
