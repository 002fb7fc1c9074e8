// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

/**
 * A rule that a practice demands beyond IAM.
 *
 * @param id as users see it, such as {@code image-trusted}
 * @param practice its row in docs/practices.md
 * @param text what the rule demands, in one sentence
 */
public record Guardrail(String id, int practice, String text) {
  public static final Guardrail IMAGE_TRUSTED =
      new Guardrail("image-trusted", 10, "images come from this platform's own registry");
  public static final Guardrail IMAGE_UNCHANGED =
      new Guardrail(
          "image-unchanged", 11, "a tag runs only the image it named when it was registered");
  public static final Guardrail ENVIRONMENT_LEAK =
      new Guardrail(
          "environment-leak", 18, "a principal of one environment reads nothing of another");
  public static final Guardrail CLASSIFIED_DATA =
      new Guardrail(
          "classified-data", 4, "what is classified is read only by those who are cleared for it");

  /** What a guardrail does with a violation. */
  public enum Mode {
    /** Let it pass, record it, show what would be refused. */
    TEACH,
    /** Let it pass, record it, and say in the status that it may: an exception is in force. */
    WARN,
    /** Refuse. */
    ENFORCE
  }
}
