// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan.oidc;

import com.google.errorprone.annotations.FormatMethod;

/** Thrown for a token that says nothing which could be believed; AWS's words are its message. */
public final class TokenFault extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What is wrong with a token. */
  public enum Kind {
    /** It is no token, nobody's here, or not signed by its issuer. */
    INVALID,
    /** It was good once. */
    EXPIRED,
    /** It is the issuer's, and what it says cannot be taken. */
    CLAIM
  }

  private final Kind kind;

  private TokenFault(Kind kind, String text) {
    super(text, null, false, false);
    this.kind = kind;
  }

  @FormatMethod
  static TokenFault of(Kind kind, String format, Object... arguments) {
    return new TokenFault(kind, format.formatted(arguments));
  }

  public Kind kind() {
    return kind;
  }

  public String text() {
    return String.valueOf(getMessage());
  }
}
