// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.backup;

import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A cut as a file: a first line {@code holdfast backup FORMAT hmac-sha256:HEX}, then the cut as
 * JSON. The code is over all that follows it, under a key of the installation's keyring, so that
 * nobody without the root key makes or alters a backup.
 */
final class CutFile {
  static final int FORMAT = 1;

  private static final RecordCodec<Cut> CODEC = RecordCodec.of(Cut.class);
  private static final Pattern HEAD =
      Pattern.compile("holdfast backup ([1-9][0-9]{0,8}) hmac-sha256:([0-9a-f]{64})\n");
  private static final int LONGEST_HEAD = 120;

  private final Path file;
  private final byte[] code;
  private final byte[] body;

  private CutFile(Path file, byte[] code, byte[] body) {
    this.file = file;
    this.code = code;
    this.body = body;
  }

  static byte[] write(Cut cut, byte[] key) {
    byte[] body = CODEC.bytes(cut);
    String code = HexFormat.of().formatHex(Hashes.hmacSha256(key, body));
    byte[] head =
        ("holdfast backup " + FORMAT + " hmac-sha256:" + code + "\n")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] all = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, all, head.length, body.length);
    return all;
  }

  static CutFile parse(Path file, byte[] bytes) throws DamagedBackup {
    String start =
        new String(bytes, 0, Math.min(bytes.length, LONGEST_HEAD), StandardCharsets.ISO_8859_1);
    Matcher head = HEAD.matcher(start);
    if (!head.lookingAt()) {
      throw new DamagedBackup(file + " is damaged: it does not begin as a backup does");
    }
    int format = Integer.parseInt(head.group(1));
    if (format != FORMAT) {
      throw new DamagedBackup(
          "%s has the backup format %d, and this Holdfast reads format %d: restore with the version that wrote it, or a newer one"
              .formatted(file, format, FORMAT));
    }
    return new CutFile(
        file,
        HexFormat.of().parseHex(head.group(2)),
        Arrays.copyOfRange(bytes, head.end(), bytes.length));
  }

  /** What the file says, before anything proves it: good for finding the keyring alone. */
  Cut unproved() throws DamagedBackup {
    try {
      return CODEC.read(body);
    } catch (Json.MalformedJson e) {
      throw new DamagedBackup(file + " is damaged: " + e.getMessage());
    }
  }

  Cut proved(byte[] key) throws DamagedBackup {
    if (!MessageDigest.isEqual(code, Hashes.hmacSha256(key, body))) {
      throw new DamagedBackup(
          file + " is damaged: it is not what the installation wrote under this key");
    }
    return unproved();
  }
}
