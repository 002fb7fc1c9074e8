// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

import org.jspecify.annotations.Nullable;

/** Refuses a message that lacks a member it cannot do without. */
final class Required {
  private Required() {}

  /**
   * Returns the member.
   *
   * @throws IllegalArgumentException where it was absent; the codec turns that into MalformedJson
   */
  static <T> T member(@Nullable T value, String name) {
    if (value == null) {
      throw new IllegalArgumentException("missing member " + name);
    }
    return value;
  }
}
