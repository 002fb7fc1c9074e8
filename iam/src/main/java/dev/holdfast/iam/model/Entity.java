// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import java.time.Instant;
import java.util.Locale;

/** A user, group or role. Names are unique within their kind, whatever their case. */
public sealed interface Entity permits User, Group, Role {
  EntityKind kind();

  String name();

  /** Begins and ends with a slash. */
  String path();

  /** The unique id, never used again. */
  String id();

  Instant created();

  Grants grants();

  /** This entity with other policies. */
  Entity with(Grants policies);

  default Arn arn(AccountId account) {
    return kind().arn(account, path(), name());
  }

  /** An entity's place in its account. */
  record Key(EntityKind kind, String name) {
    /** The name as it counts for uniqueness. */
    public String folded() {
      return fold(name);
    }
  }

  /** A name as it counts for uniqueness. */
  static String fold(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
