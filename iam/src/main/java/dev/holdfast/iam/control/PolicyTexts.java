// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.iam.IamError;
import dev.holdfast.policy.MalformedPolicy;
import dev.holdfast.policy.PolicyDocument;

/** Checks identity policies before they are saved. */
public final class PolicyTexts {
  private PolicyTexts() {}

  /**
   * The size of a document that may be saved, in characters without white space.
   *
   * @throws ApiError MalformedPolicyDocument
   */
  public static int check(String text) {
    return parse(text).size();
  }

  /** The document, or MalformedPolicyDocument. */
  public static PolicyDocument parse(String text) {
    try {
      return PolicyDocument.admit(text, PolicyDocument.Kind.IDENTITY);
    } catch (MalformedPolicy e) {
      throw malformed(e);
    }
  }

  /** AWS's words; where they say nothing of the place, the place behind them. */
  public static ApiError malformed(MalformedPolicy e) {
    return new ApiError(IamError.MALFORMED_POLICY_DOCUMENT, text(e));
  }

  /** The words for a document that is malformed. */
  public static String text(MalformedPolicy e) {
    String message = String.valueOf(e.getMessage());
    return message.startsWith("Syntax errors") && !e.detail().isEmpty()
        ? message + " (" + e.detail() + ")"
        : message;
  }
}
