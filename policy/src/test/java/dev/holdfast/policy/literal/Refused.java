// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy.literal;

/** A text that the grammar does not admit. */
public final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1;

  Refused(String why) {
    super(why, null, false, false);
  }
}
