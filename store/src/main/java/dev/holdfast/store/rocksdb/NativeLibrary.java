// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.rocksdb;

import dev.holdfast.kit.disk.Disk;
import dev.holdfast.kit.disk.DiskFile;
import dev.holdfast.store.StoreUnavailable;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.zip.CRC32;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/**
 * Loads RocksDB's native code from the data directory, which only its owner may write, instead of
 * from a fresh file in the temporary directory at each start (which a killed process leaves
 * behind).
 */
final class NativeLibrary {
  /** The name that {@link RocksDB#loadLibrary(List)} looks for; it differs from the packed one. */
  private static final String LOADED_NAME = Environment.getJniLibraryFileName("rocksdbjni");

  private static final int PIECE = 1 << 20;

  private static boolean loaded;

  private NativeLibrary() {}

  static synchronized void load(Path directory, Disk disk) throws IOException {
    if (loaded) {
      return;
    }
    String name = Environment.getJniLibraryFileName("rocksdb");
    URL packed = RocksDB.class.getClassLoader().getResource(name);
    if (packed == null) {
      throw new StoreUnavailable("no rocksdb for this machine: `" + name + "` is missing");
    }
    Path unpacked = directory.resolve(LOADED_NAME);
    if (!isCurrent(unpacked, packed)) {
      unpack(packed, directory, unpacked, disk);
    }
    RocksDB.loadLibrary(List.of(directory.toAbsolutePath().toString()));
    loaded = true;
  }

  /** Whether an earlier start left exactly this library: most of a start's time goes into it. */
  private static boolean isCurrent(Path unpacked, URL packed) throws IOException {
    if (!Files.exists(unpacked) || !(packed.openConnection() instanceof JarURLConnection jar)) {
      return false;
    }
    JarEntry entry = jar.getJarEntry();
    if (Files.size(unpacked) != entry.getSize()) {
      return false;
    }
    var crc = new CRC32();
    try (FileChannel channel = Disk.local().read(unpacked)) {
      crc.update(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
    }
    return crc.getValue() == entry.getCrc();
  }

  private static void unpack(URL packed, Path directory, Path target, Disk disk)
      throws IOException {
    disk.makeDirectories(directory);
    Path fresh = directory.resolve(LOADED_NAME + Disk.DRAFT);
    disk.deleteIfExists(fresh);
    try (InputStream in = packed.openStream();
        DiskFile out = disk.create(fresh)) {
      byte[] piece = new byte[PIECE];
      long at = 0;
      for (int read = in.readNBytes(piece, 0, PIECE);
          read > 0;
          read = in.readNBytes(piece, 0, PIECE)) {
        out.write(ByteBuffer.wrap(piece, 0, read), at);
        at += read;
      }
    }
    // Not synced: each start compares its checksum anyway.
    disk.move(fresh, target);
  }
}
