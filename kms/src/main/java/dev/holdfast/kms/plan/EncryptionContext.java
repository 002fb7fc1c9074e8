// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.plan;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * Encryption contexts as bytes: pairs in order of their keys, each text with its length before it,
 * so that no two contexts have the same bytes.
 */
final class EncryptionContext {
  private EncryptionContext() {}

  static byte[] canonical(Map<String, String> context) {
    var out = new ByteArrayOutputStream();
    new TreeMap<>(context)
        .forEach(
            (key, value) -> {
              text(key, out);
              text(value, out);
            });
    return out.toByteArray();
  }

  private static void text(String text, ByteArrayOutputStream out) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeBytes(ByteBuffer.allocate(4).putInt(bytes.length).array());
    out.writeBytes(bytes);
  }
}
