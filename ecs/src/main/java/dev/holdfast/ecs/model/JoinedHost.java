// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.model;

import java.time.Instant;

/**
 * Another machine that joined the platform with an agent of ours. Its measures and what is booked
 * on it are in the {@link Host} of the same id.
 *
 * @param id 32 hexadecimal digits, never used again
 * @param name what people call it; one host at a time has it
 * @param key the SHA-256 of its public key (SubjectPublicKeyInfo), in hex
 * @param draining whether it takes no new tasks
 */
public record JoinedHost(String id, String name, String key, Instant joinedAt, boolean draining) {

  public JoinedHost with(boolean drains) {
    return new JoinedHost(id, name, key, joinedAt, drains);
  }
}
