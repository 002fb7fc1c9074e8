// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.blob;

import dev.holdfast.kit.disk.Disk;
import dev.holdfast.registry.model.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder of the blobs that were set aside: {@code HEX-1} and so on hold what was damaged, an
 * empty {@code HEX-0} tells that one was missing.
 */
record Quarantine(Path folder, Disk disk) {

  /** Takes a damaged blob in; its own folder is the caller's to sync. */
  void take(Path blob, Digest digest) throws IOException {
    disk.makeDirectories(folder);
    int number = 1;
    while (Files.exists(place(digest, number))) {
      number++;
    }
    disk.move(blob, place(digest, number));
    disk.syncDirectory(folder);
  }

  /** Keeps in mind that a blob is missing. */
  void miss(Digest digest) throws IOException {
    disk.makeDirectories(folder);
    if (!Files.exists(place(digest, 0)) && !Files.exists(place(digest, 1))) {
      disk.create(place(digest, 0)).close();
      disk.syncDirectory(folder);
    }
  }

  private Path place(Digest digest, int number) {
    return folder.resolve(digest.hex() + "-" + number);
  }

  /** All that were ever taken in, each once, in order. */
  List<Digest> all() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> "sha256:" + file.getFileName().toString().replaceFirst("-\\d+$", ""))
          .flatMap(text -> Digest.parse(text).stream())
          .distinct()
          .sorted()
          .toList();
    }
  }
}
