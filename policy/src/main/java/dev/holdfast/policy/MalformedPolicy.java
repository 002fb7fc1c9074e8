// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

/**
 * A text that is no policy document of its kind; on the wire {@code MalformedPolicyDocument} (400).
 *
 * <p>The message is AWS's own; {@link #detail} says where the fault lies.
 */
public final class MalformedPolicy extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String detail;

  MalformedPolicy(String message, String detail) {
    super(message, null, false, false);
    this.detail = detail;
  }

  static MalformedPolicy syntax(String detail) {
    return new MalformedPolicy("Syntax errors in policy.", detail);
  }

  /** What is wrong and in which statement, for the author; names members but no other content. */
  public String detail() {
    return detail;
  }
}
