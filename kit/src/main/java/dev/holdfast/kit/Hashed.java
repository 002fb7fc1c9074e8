// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Content with its hash after it, so that a flipped bit is never taken for another value. */
public final class Hashed {
  private static final String MARK = "\n#sha256:";

  private Hashed() {}

  public static byte[] bytes(byte[] content) {
    byte[] end = (MARK + Hashes.sha256Hex(content) + "\n").getBytes(StandardCharsets.US_ASCII);
    byte[] whole = Arrays.copyOf(content, content.length + end.length);
    System.arraycopy(end, 0, whole, content.length, end.length);
    return whole;
  }

  /**
   * The content of a file. One of an earlier release has no hash and is all content; where the hash
   * is another, all is given, which is no JSON.
   */
  public static byte[] content(byte[] whole) {
    int length = whole.length - MARK.length() - 65;
    if (length < 0
        || !new String(whole, length, MARK.length(), StandardCharsets.US_ASCII).equals(MARK)) {
      return whole;
    }
    byte[] content = Arrays.copyOf(whole, length);
    return Arrays.equals(bytes(content), whole) ? content : whole;
  }

  /** The JSON files in a folder that cannot be read as what was written; changes nothing. */
  public static List<Path> damaged(Path folder, RecordCodec<?> codec) throws IOException {
    var damaged = new ArrayList<Path>();
    if (Files.isDirectory(folder)) {
      try (var files = Files.newDirectoryStream(folder, "*.json")) {
        for (Path file : files) {
          try {
            var _ = codec.read(content(Files.readAllBytes(file)));
          } catch (Json.MalformedJson e) {
            damaged.add(file);
          }
        }
      }
    }
    return damaged;
  }
}
