// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.backup;

import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.disk.DiskFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;

/** A content on its way to disk, and its hash. */
final class Draft extends OutputStream {
  private final DiskFile file;
  private final MessageDigest hash = Hashes.sha256();
  private long size;

  Draft(DiskFile file) {
    this.file = file;
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    hash.update(bytes, from, length);
    file.write(ByteBuffer.wrap(bytes, from, length), size);
    size += length;
  }

  Piece piece(String name) {
    return new Piece(name, size, HexFormat.of().formatHex(hash.digest()));
  }
}
