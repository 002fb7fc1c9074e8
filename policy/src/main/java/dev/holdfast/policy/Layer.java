// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

/**
 * A type of policy that takes part in a decision, with AWS's words for it.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html">Access
 *     denied messages</a>
 */
public enum Layer {
  RESOURCE_CONTROL("a", "resource control policy"),
  SERVICE_CONTROL("a", "service control policy"),
  RESOURCE("a", "resource-based policy"),
  ROLE_TRUST("the", "role trust policy"),
  IDENTITY("an", "identity-based policy"),
  BOUNDARY("a", "permissions boundary"),
  SESSION("a", "session policy");

  private final String article;
  private final String words;

  Layer(String article, String words) {
    this.article = article;
    this.words = words;
  }

  /** AWS's name of the policy type, such as {@code identity-based policy}. */
  public String words() {
    return words;
  }

  String withArticle() {
    return article + " " + words;
  }
}
