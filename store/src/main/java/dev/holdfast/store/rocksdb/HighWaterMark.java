// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.rocksdb;

import dev.holdfast.kit.disk.Disk;
import dev.holdfast.kit.disk.DiskFile;
import dev.holdfast.store.Revision;
import dev.holdfast.store.StoreDamaged;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The newest revision that was acknowledged, in a small file beside the write-ahead log: a second
 * witness, without which a log that was cut off or damaged near its end looks like one whose last
 * write was torn by a crash.
 *
 * <p>It is raised after the log's sync and before the answer, by one write in place that is not
 * synced itself: a killed process loses nothing of it, and a power cut at most its last seconds, so
 * it is never ahead of the log and what it says was acknowledged was. The file is {@code
 * "HFMARK1\n" | revision (8) | CRC-32C of both (4)}, less than a disk's sector.
 */
final class HighWaterMark implements AutoCloseable {
  static final String FILE = "HIGH-WATER";
  private static final byte[] MAGIC = "HFMARK1\n".getBytes(StandardCharsets.US_ASCII);
  private static final int SIZE = MAGIC.length + Long.BYTES + Integer.BYTES;

  private final DiskFile file;
  private boolean failed;

  private HighWaterMark(DiskFile file) {
    this.file = file;
  }

  /** Opens the mark of a directory, which is there, and brings it to a revision that is durable. */
  static HighWaterMark open(Path directory, Revision durable, Disk disk) throws IOException {
    var mark = new HighWaterMark(disk.open(directory.resolve(FILE)));
    mark.raise(durable);
    mark.file.sync();
    return mark;
  }

  static boolean isThere(Path directory) {
    return Files.exists(directory.resolve(FILE));
  }

  /**
   * The mark of a directory.
   *
   * @return empty where there is none
   * @throws StoreDamaged where it is not what was written
   */
  static Optional<Revision> read(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
    if (bytes.length == SIZE) {
      long revision = ByteBuffer.wrap(bytes).getLong(MAGIC.length);
      if (revision >= 0 && ByteBuffer.wrap(bytes).equals(encoded(revision))) {
        return Optional.of(new Revision(revision));
      }
    }
    throw new StoreDamaged("`" + file + "` is damaged: it says what was acknowledged");
  }

  /** Writes the mark of a directory anew, durably. */
  static void write(Path directory, Revision revision, Disk disk) throws IOException {
    disk.replace(directory.resolve(FILE), encoded(revision.number()).array());
  }

  private static ByteBuffer encoded(long revision) {
    ByteBuffer bytes = ByteBuffer.allocate(SIZE).put(MAGIC).putLong(revision);
    var crc = new CRC32C();
    crc.update(bytes.array(), 0, bytes.position());
    return bytes.putInt((int) crc.getValue()).flip();
  }

  /** Raises the mark. A mark that cannot be raised stays where it is, which is never wrong. */
  void raise(Revision acknowledged) {
    try {
      file.write(encoded(acknowledged.number()), 0);
    } catch (IOException e) {
      if (!failed) {
        failed = true;
        System.getLogger("store")
            .log(System.Logger.Level.WARNING, "the high-water mark cannot be written", e);
      }
    }
  }

  /** Makes the mark durable as it is, where that is possible. */
  @Override
  public void close() {
    try (file) {
      file.sync();
    } catch (IOException e) {
      System.getLogger("store")
          .log(System.Logger.Level.WARNING, "the high-water mark cannot be synced", e);
    }
  }
}
