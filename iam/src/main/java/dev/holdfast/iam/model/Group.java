// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.model;

import java.time.Instant;

/** A group of users; it grants its policies to each of them. */
public record Group(String name, String path, String id, Instant created, Grants grants)
    implements Entity {
  @Override
  public EntityKind kind() {
    return EntityKind.GROUP;
  }

  @Override
  public Group with(Grants policies) {
    return new Group(name, path, id, created, policies);
  }

  /** This group under another name or path. */
  public Group named(String newName, String newPath) {
    return new Group(newName, newPath, id, created, grants);
  }
}
