// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws;

/** Thrown for a request that cannot be read as its operation's input; the text quotes no value. */
public final class Malformed extends RuntimeException {
  private static final long serialVersionUID = 1;

  public Malformed(String message) {
    super(message, null, false, false);
  }

  /** The reason, which a Malformed always has. */
  public String text() {
    return String.valueOf(getMessage());
  }
}
