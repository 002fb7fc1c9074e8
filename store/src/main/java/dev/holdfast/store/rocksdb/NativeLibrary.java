// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.rocksdb;

import dev.holdfast.store.StoreUnavailable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
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

  private static boolean loaded;

  private NativeLibrary() {}

  static synchronized void load(Path directory) throws IOException {
    if (loaded) {
      return;
    }
    String name = Environment.getJniLibraryFileName("rocksdb");
    Files.createDirectories(directory);
    Path fresh = Files.createTempFile(directory, "new", ".so");
    try (InputStream in = RocksDB.class.getClassLoader().getResourceAsStream(name)) {
      if (in == null) {
        throw new StoreUnavailable("no rocksdb for this machine: `" + name + "` is missing");
      }
      Files.copy(in, fresh, StandardCopyOption.REPLACE_EXISTING);
      Files.move(fresh, directory.resolve(LOADED_NAME), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
    RocksDB.loadLibrary(List.of(directory.toAbsolutePath().toString()));
    loaded = true;
  }
}
