// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The seeds of a target: the resource {@code fuzz/NAME.txt} beside the tests. Seeds are set apart
 * by lines of {@code ====}; one that begins with {@code base64:} holds bytes, as a reproducer is
 * printed. A section after a line {@code ==== words} holds words that mutations put in, one a line.
 */
record Corpus(List<byte[]> seeds, List<byte[]> words) {
  private static final String BREAK = "====\n";
  private static final String WORDS = "==== words\n";
  private static final String BYTES = "base64:";

  static Corpus of(Class<?> owner, String name) {
    String text = text(owner, "/fuzz/" + name + ".txt");
    int at = text.indexOf(WORDS);
    var words = new ArrayList<byte[]>();
    if (at >= 0) {
      for (String word : text.substring(at + WORDS.length()).split("\n", -1)) {
        if (!word.isEmpty()) {
          words.add(bytes(word));
        }
      }
    }
    var seeds = new ArrayList<byte[]>();
    for (String seed : (at >= 0 ? text.substring(0, at) : text).split(BREAK, -1)) {
      // The line's end before a break is the break's.
      seeds.add(bytes(seed.endsWith("\n") ? seed.substring(0, seed.length() - 1) : seed));
    }
    return new Corpus(List.copyOf(seeds), List.copyOf(words));
  }

  private static byte[] bytes(String text) {
    return text.startsWith(BYTES)
        ? Base64.getDecoder().decode(text.substring(BYTES.length()))
        : text.replace("\\r", "\r").replace("\\n", "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static String text(Class<?> owner, String resource) {
    try (InputStream in = owner.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalArgumentException("there is no corpus " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
