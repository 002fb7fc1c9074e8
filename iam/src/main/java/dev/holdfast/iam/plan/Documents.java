// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan;

import dev.holdfast.policy.PolicyDocument;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Compiled policy documents by their text. A change of a policy is a change of its text, so the
 * next request already finds the other document here.
 */
public final class Documents {
  private static final int MOST = 4096;

  private record Key(PolicyDocument.Kind kind, String text) {}

  private final ConcurrentHashMap<Key, PolicyDocument> compiled = new ConcurrentHashMap<>();

  /**
   * The document of a text.
   *
   * @throws dev.holdfast.policy.MalformedPolicy where the text is no document of the kind
   */
  public PolicyDocument compiled(String text, PolicyDocument.Kind kind) {
    var key = new Key(kind, text);
    PolicyDocument document = compiled.get(key);
    if (document == null) {
      document = PolicyDocument.parse(text, kind);
      if (compiled.size() >= MOST) {
        compiled.clear();
      }
      compiled.put(key, document);
    }
    return document;
  }
}
