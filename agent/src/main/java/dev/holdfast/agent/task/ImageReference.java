// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An image's name as the engine understands it: a repository with its registry, and a tag or a
 * digest.
 */
record ImageReference(String repository, @Nullable String tag, @Nullable String digest) {
  private static final int LONGEST = 512;
  private static final String WORDS = "[a-z0-9]+(?:(?:\\.|_{1,2}|-+)[a-z0-9]+)*";

  /** The grammar of a reference; anything else could lead the engine's API somewhere else. */
  private static final Pattern REFERENCE =
      Pattern.compile(
          "(?:(?:[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)*|\\[[0-9a-fA-F:]+\\])(?::[0-9]+)?/)?"
              + WORDS
              + "(?:/"
              + WORDS
              + ")*(?::[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(?:@sha256:[0-9a-f]{64})?");

  /** Whether a text names an image. */
  static boolean isOne(String text) {
    return text.length() <= LONGEST && REFERENCE.matcher(text).matches();
  }

  static ImageReference parse(String text) {
    int at = text.indexOf('@');
    String name = at < 0 ? text : text.substring(0, at);
    String digest = at < 0 ? null : text.substring(at + 1);
    int colon = name.lastIndexOf(':');
    boolean tagged = colon > name.lastIndexOf('/');
    String tag = tagged ? name.substring(colon + 1) : digest == null ? "latest" : null;
    return new ImageReference(tagged ? name.substring(0, colon) : name, tag, digest);
  }

  /** Whether a name with digest is of this image, or of any version of it where none is said. */
  boolean mayMean(String name) {
    return digest == null ? name.startsWith(repository + "@") : name.equals(pinned(digest));
  }

  /** The reference by digest alone. */
  String pinned(String exact) {
    return repository + "@" + exact;
  }
}
