// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan;

import dev.holdfast.kit.Memo;
import dev.holdfast.policy.PolicyDocument;

/**
 * Compiled policy documents by their text. A change of a policy is a change of its text, so the
 * next request already finds the other document here.
 */
public final class Documents {
  private static final int MOST = 4096;

  private record Key(PolicyDocument.Kind kind, String text) {}

  private final Memo<Key, PolicyDocument> compiled = new Memo<>(MOST);

  /**
   * The document of a text.
   *
   * @throws dev.holdfast.policy.MalformedPolicy where the text is no document of the kind
   */
  public PolicyDocument compiled(String text, PolicyDocument.Kind kind) {
    return compiled.get(new Key(kind, text), key -> PolicyDocument.parse(key.text(), key.kind()));
  }
}
