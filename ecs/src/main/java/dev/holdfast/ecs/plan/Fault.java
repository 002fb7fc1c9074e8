// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

/** What is wrong with a request, and which of AWS's errors says so. */
public record Fault(Kind kind, String text) {

  /** The error's kind. */
  public enum Kind {
    CLIENT,
    INVALID_PARAMETER
  }

  /** An error that AWS answers as ClientException. */
  static Fault client(String text) {
    return new Fault(Kind.CLIENT, text);
  }

  /** An error that AWS answers as InvalidParameterException. */
  static Fault parameter(String text) {
    return new Fault(Kind.INVALID_PARAMETER, text);
  }
}
