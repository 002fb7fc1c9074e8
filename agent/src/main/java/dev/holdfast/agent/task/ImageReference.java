// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import org.jspecify.annotations.Nullable;

/**
 * An image's name as the engine understands it: a repository with its registry, and a tag or a
 * digest.
 */
record ImageReference(String repository, @Nullable String tag, @Nullable String digest) {

  static ImageReference parse(String text) {
    int at = text.indexOf('@');
    String name = at < 0 ? text : text.substring(0, at);
    String digest = at < 0 ? null : text.substring(at + 1);
    int colon = name.lastIndexOf(':');
    boolean tagged = colon > name.lastIndexOf('/');
    String tag = tagged ? name.substring(colon + 1) : digest == null ? "latest" : null;
    return new ImageReference(tagged ? name.substring(0, colon) : name, tag, digest);
  }

  /** The reference by digest alone. */
  String pinned(String exact) {
    return repository + "@" + exact;
  }
}
