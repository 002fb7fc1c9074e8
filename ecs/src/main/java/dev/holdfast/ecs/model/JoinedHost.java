// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.model;

import java.time.Instant;
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
 */
public record JoinedHost(
    String id, String name, String key, Instant joinedAt, boolean draining, @Nullable String next) {
  /** A host with one key. */
  public JoinedHost(String id, String name, String key, Instant joinedAt, boolean draining) {
    this(id, name, key, joinedAt, draining, null);
  }

  public JoinedHost with(boolean drains) {
    return new JoinedHost(id, name, key, joinedAt, drains, next);
  }

  /** This host before it has shown another key. */
  public JoinedHost awaits(String other) {
    return new JoinedHost(id, name, key, joinedAt, draining, other);
  }

  /** This host with a key that it has shown, and no other. */
  public JoinedHost has(String shown) {
    return new JoinedHost(id, name, shown, joinedAt, draining);
  }
}
