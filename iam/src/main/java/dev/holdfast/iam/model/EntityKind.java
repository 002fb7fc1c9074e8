// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;

/**
 * What an identity is.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html">Quotas
 *     of IAM</a>
 */
public enum EntityKind {
  USER("user", "User", "AIDA", 2048),
  GROUP("group", "Group", "AGPA", 5120),
  ROLE("role", "Role", "AROA", 10_240);

  private final String word;
  private final String title;
  private final String idPrefix;
  private final int inlineSize;

  EntityKind(String word, String title, String idPrefix, int inlineSize) {
    this.word = word;
    this.title = title;
    this.idPrefix = idPrefix;
    this.inlineSize = inlineSize;
  }

  /** The kind in ARNs and in running text. */
  public String word() {
    return word;
  }

  /** The kind at the beginning of a sentence and in the names of quotas. */
  public String title() {
    return title;
  }

  /** What unique ids of this kind begin with. */
  public String idPrefix() {
    return idPrefix;
  }

  /** The most characters that all inline policies may have together, white space aside. */
  public int inlineSize() {
    return inlineSize;
  }

  /** The ARN of an entity of this kind. */
  public Arn arn(AccountId account, String path, String name) {
    return Arn.global("iam", account, word + path + name);
  }
}
