// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.backup;

import dev.holdfast.kit.disk.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder of a vault: made with what marks it and the folders in it. A name that could not be
 * made durable is taken away again: a later sync would succeed, whatever the disk has of it.
 *
 * @param root where it is
 */
record VaultFolder(Path root, Disk disk) {
  private static final List<String> INSIDE = List.of("objects", "cuts");

  /**
   * Makes the folder with its mark.
   *
   * @throws IOException with words for people where it holds something else
   */
  void begin() throws IOException {
    boolean there = Files.exists(root);
    if (there && !isEmpty()) {
      throw new IOException(
          root + " holds other things; name an empty folder, or one with backups in it");
    }
    try {
      disk.makeDirectories(root);
      Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
      disk.replace(
          root.resolve(Vault.MARKER),
          "Backups of Holdfast: docs/backup.md\n".getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      takeBack(there ? List.of(Vault.MARKER) : List.of(Vault.MARKER, ""), e);
      throw e;
    }
  }

  private boolean isEmpty() throws IOException {
    try (Stream<Path> files = Files.list(root)) {
      return files.findAny().isEmpty();
    }
  }

  /** Makes what is missing of the folders inside. */
  void furnish() throws IOException {
    try {
      for (String folder : INSIDE) {
        disk.makeDirectories(root.resolve(folder));
      }
    } catch (IOException e) {
      takeBack(INSIDE, e);
      throw e;
    }
  }

  private void takeBack(List<String> names, IOException failure) {
    try {
      for (String name : names) {
        deleteIfEmpty(root.resolve(name), disk);
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** Deletes a file, or a folder in which nothing is. */
  static void deleteIfEmpty(Path path, Disk disk) throws IOException {
    try {
      disk.deleteIfExists(path);
    } catch (DirectoryNotEmptyException _) {
      // it was there before, or something came to it
    }
  }
}
