// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A user.
 *
 * @param groups the names of its groups
 */
public record User(
    String name, String path, String id, Instant created, Grants grants, List<String> groups)
    implements Entity {
  public User {
    groups = List.copyOf(groups);
  }

  @Override
  public EntityKind kind() {
    return EntityKind.USER;
  }

  @Override
  public User with(Grants policies) {
    return new User(name, path, id, created, policies, groups);
  }

  /** This user under another name or path; its id, and so its keys, stay. */
  public User named(String newName, String newPath) {
    return new User(newName, newPath, id, created, grants, groups);
  }

  /** In one more group; joining twice is once. */
  public User joining(String group) {
    if (groups.contains(group)) {
      return this;
    }
    var more = new ArrayList<>(groups);
    more.add(group);
    return new User(name, path, id, created, grants, more);
  }

  public User leaving(String group) {
    return new User(
        name,
        path,
        id,
        created,
        grants,
        groups.stream().filter(name -> !name.equals(group)).toList());
  }
}
