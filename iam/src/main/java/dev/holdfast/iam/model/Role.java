// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A role: whoever its trust policy names may take its permissions for a session. */
public record Role(
    String name,
    String path,
    String id,
    Instant created,
    Grants grants,
    Trust trust,
    Settings settings)
    implements Entity {

  /**
   * What UpdateRole changes.
   *
   * @param maxSession the longest session in seconds, 3,600 to 43,200
   */
  public record Settings(@Nullable String description, int maxSession) {}

  @Override
  public EntityKind kind() {
    return EntityKind.ROLE;
  }

  @Override
  public Role with(Grants policies) {
    return new Role(name, path, id, created, policies, trust, settings);
  }

  public Role with(Trust other) {
    return new Role(name, path, id, created, grants, other, settings);
  }

  public Role with(Settings other) {
    return new Role(name, path, id, created, grants, trust, other);
  }
}
