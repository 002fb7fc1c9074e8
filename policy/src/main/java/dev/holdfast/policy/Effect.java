// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

/** What a statement does to the requests it matches. */
public enum Effect {
  ALLOW("Allow"),
  DENY("Deny");

  private final String word;

  Effect(String word) {
    this.word = word;
  }

  /** The word of the policy language: {@code Allow} or {@code Deny}. */
  public String word() {
    return word;
  }
}
