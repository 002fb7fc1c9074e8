// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.space;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** Measures what a file system has left; a seam for tests. */
public interface Gauge {
  /** What is left now. */
  Room room() throws IOException;

  /** The free bytes alone, for those who ask often. */
  default long bytes() throws IOException {
    return room().bytes();
  }

  /** The file system that holds a folder, which is there. */
  static Gauge of(Path folder) throws IOException {
    FileStore store = Files.getFileStore(folder); // costs a walk through the mounts: once
    return new Gauge() {
      @Override
      public Room room() throws IOException {
        return Statvfs.room(folder);
      }

      @Override
      public long bytes() throws IOException {
        return store.getUsableSpace();
      }
    };
  }
}
