// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.plan;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A path under {@code /v2/}, taken apart.
 *
 * @param name the repository as the client wrote it; empty for the base and the catalog
 * @param reference a digest, a tag, or an upload's id; empty where the kind has none
 * @see <a
 *     href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#endpoints">Endpoints</a>
 */
public record OciPath(Kind kind, String name, String reference) {
  /** What a path leads to. */
  public enum Kind {
    BASE,
    CATALOG,
    UPLOADS,
    UPLOAD,
    BLOB,
    MANIFEST,
    TAGS,
    REFERRERS
  }

  private static final String PREFIX = "/v2/";

  /** The path, or empty where it leads nowhere. */
  public static Optional<OciPath> parse(String rawPath) {
    if (rawPath.equals("/v2")) {
      return Optional.of(new OciPath(Kind.BASE, "", ""));
    }
    String path = decode(rawPath);
    if (path == null || !path.startsWith(PREFIX)) {
      return Optional.empty();
    }
    String rest = path.substring(PREFIX.length());
    if (rest.isEmpty()) {
      return Optional.of(new OciPath(Kind.BASE, "", ""));
    }
    if (rest.equals("_catalog")) {
      return Optional.of(new OciPath(Kind.CATALOG, "", ""));
    }
    return inRepository(rest);
  }

  private static Optional<OciPath> inRepository(String rest) {
    if (rest.endsWith("/tags/list")) {
      return of(Kind.TAGS, rest.substring(0, rest.length() - "/tags/list".length()), "");
    }
    if (rest.endsWith("/blobs/uploads") || rest.endsWith("/blobs/uploads/")) {
      return of(Kind.UPLOADS, rest.substring(0, rest.lastIndexOf("/blobs/uploads")), "");
    }
    int last = rest.lastIndexOf('/');
    String head = last < 0 ? "" : rest.substring(0, last);
    String reference = rest.substring(last + 1);
    if (head.endsWith("/blobs/uploads")) {
      return of(Kind.UPLOAD, head.substring(0, head.lastIndexOf("/blobs/uploads")), reference);
    }
    int kind = head.lastIndexOf('/');
    String name = kind < 0 ? "" : head.substring(0, kind);
    return switch (head.substring(kind + 1)) {
      case "blobs" -> of(Kind.BLOB, name, reference);
      case "manifests" -> of(Kind.MANIFEST, name, reference);
      case "referrers" -> of(Kind.REFERRERS, name, reference);
      default -> Optional.empty();
    };
  }

  private static Optional<OciPath> of(Kind kind, String name, String reference) {
    return name.isEmpty() ? Optional.empty() : Optional.of(new OciPath(kind, name, reference));
  }

  private static @Nullable String decode(String raw) {
    try {
      return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }
}
