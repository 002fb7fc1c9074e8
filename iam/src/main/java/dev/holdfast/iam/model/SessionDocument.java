// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.model;

import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.RecordCodec;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a session carries that is too long for its token; kept under its hash, which the token
 * holds.
 *
 * @param policy the inline session policy
 * @param policyArns managed policies that limit the session
 * @param transitive the keys of the tags that the next role of the chain inherits
 * @param federation what an identity provider vouched for, or null
 */
public record SessionDocument(
    @Nullable String policy,
    List<String> policyArns,
    Map<String, String> tags,
    List<String> transitive,
    @Nullable Federation federation) {
  public static final SessionDocument EMPTY =
      new SessionDocument(null, List.of(), Map.of(), List.of(), null);

  public SessionDocument {
    policyArns = List.copyOf(policyArns);
    tags = Collections.unmodifiableMap(new TreeMap<>(tags));
    transitive = transitive.stream().sorted().distinct().toList();
  }

  /** A session's tags and nothing else. */
  public static SessionDocument tags(Map<String, String> tags, List<String> transitive) {
    return new SessionDocument(null, List.of(), tags, transitive, null);
  }

  public boolean isEmpty() {
    return equals(EMPTY);
  }

  /** SHA-256 in hex over the document's own text. */
  public String hash() {
    return Hashes.sha256Hex(RecordCodec.of(SessionDocument.class).bytes(this));
  }
}
