// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

/** A start that is refused, in words that say what to do. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  Refusal(String message) {
    super(message, null, false, false);
  }
}
