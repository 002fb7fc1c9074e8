// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.app.backup.Vault;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Secret;
import dev.holdfast.kit.disk.Disk;
import dev.holdfast.kit.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the root key to a place where it outlives the machine. */
record KeyExport(OpenDirectory directory) {

  /**
   * Writes the key into a new file, mode 0600, and records in the state that somebody has it.
   *
   * @throws Refusal where the file exists, or lies where the key must not
   */
  String to(Path wanted) throws IOException {
    Path file = wanted.toAbsolutePath().normalize();
    Path folder = file.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new Refusal("there is no folder " + folder);
    }
    Path real = folder.toRealPath();
    if (real.startsWith(directory.path().toRealPath())) {
      throw new Refusal(
          "a copy of the key inside the data directory is lost with it; name a file elsewhere");
    }
    if (Vault.holds(real)) {
      throw new Refusal(
          folder
              + " is a folder of backups, and one copy must never hold both; name a file elsewhere");
    }
    write(file);
    var now = directory.foundation().clock().instant();
    new Custody(now, file.toString())
        .record(
            directory.foundation().state(),
            directory
                .operator()
                .call(
                    OperatorCalls.SOURCE,
                    "ExportRootKey",
                    JsonObject.EMPTY.with("file", file.toString())));
    return "the root key is in "
        + file
        + " (mode 0600). Whoever has it and a backup can read every secret: keep it apart from the"
        + " backups and off this machine, such as on a medium in a safe, and test it with a restore";
  }

  /** A key that was put there by hand, or that a rotation left, opens no backup. */
  private Secret inUse(Path source) throws IOException {
    Secret key = RootKey.read(source);
    if (!directory.foundation().keyring().isUnder(key)) {
      key.close();
      throw new Refusal(
          source
              + " does not hold the root key that is in use: its file was changed, or a rotation was"
              + " interrupted. Stop the platform and start it again, then export");
    }
    return key;
  }

  private void write(Path file) throws IOException {
    var installation = directory.installation();
    Path source = Path.of(installation.rootKey()).toAbsolutePath().normalize();
    try (Secret key = inUse(source)) {
      // Its disk is another one than the data directory's: what fails there ends nothing here.
      write(key, file, Disk.local());
    }
  }

  /** Writes a key into a new file, durably; one that could not be made durable is taken away. */
  static void write(Secret key, Path file, Disk disk) throws IOException {
    try (DiskFile out = disk.create(file)) {
      try {
        out.write(ByteBuffer.wrap(key.bytes()), 0);
        out.sync();
        disk.syncDirectory(file.resolveSibling(".").normalize());
      } catch (IOException e) {
        disk.deleteIfExists(file);
        throw e;
      }
    } catch (FileAlreadyExistsException _) {
      throw new Refusal(
          file
              + " exists; the key is only ever written to a new file, never over one or to a terminal");
    }
  }
}
