// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.model;

import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.Text;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of content by its SHA-256: {@code sha256:} and 64 lower-case hex digits.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#digests">OCI
 *     digests</a>
 */
public record Digest(String text) implements Text, Comparable<Digest> {
  private static final Pattern SHA256 = Pattern.compile("sha256:[0-9a-f]{64}");

  public Digest {
    if (!SHA256.matcher(text).matches()) {
      throw new IllegalArgumentException("not a sha256 digest");
    }
  }

  public static Optional<Digest> parse(String text) {
    return SHA256.matcher(text).matches() ? Optional.of(new Digest(text)) : Optional.empty();
  }

  /** The digest of content that is at hand. */
  public static Digest of(byte[] content) {
    return ofHash(Hashes.sha256(content));
  }

  /** The digest for a SHA-256 value. */
  public static Digest ofHash(byte[] sha256) {
    return new Digest("sha256:" + HexFormat.of().formatHex(sha256));
  }

  /** The 64 hex digits alone. */
  public String hex() {
    return text.substring("sha256:".length());
  }

  @Override
  public int compareTo(Digest other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
