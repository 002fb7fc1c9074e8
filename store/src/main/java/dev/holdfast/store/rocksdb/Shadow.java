// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.rocksdb;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A store as its next opening finds it once that has cut a torn note off: a temporary folder of its
 * owner alone, with links to the files and a manifest of its own. So a store is looked at without
 * changing anything in it.
 */
record Shadow(Path directory) implements AutoCloseable {

  /**
   * Makes one.
   *
   * @param whole the manifest without its torn end
   */
  static Shadow of(Path store, String manifest, byte[] whole) throws IOException {
    var shadow = new Shadow(Files.createTempDirectory("holdfast-look"));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(store.toAbsolutePath())) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        // RocksDB begins a LOG of its own where it opens.
        if (Files.isRegularFile(file) && !name.equals(manifest) && !name.startsWith("LOG")) {
          Files.createSymbolicLink(shadow.directory.resolve(name), file);
        }
      }
      Files.write(shadow.directory.resolve(manifest), whole);
      return shadow;
    } catch (IOException e) {
      shadow.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
