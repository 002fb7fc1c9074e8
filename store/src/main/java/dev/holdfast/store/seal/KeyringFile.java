// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.seal;

import dev.holdfast.store.StoreUnavailable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A keyring in a file (mode 0600): written aside, synced, then renamed. */
public record KeyringFile(Path path) implements KeyringStorage {
  @Override
  public byte @Nullable [] load() {
    try {
      return Files.readAllBytes(path);
    } catch (NoSuchFileException _) {
      return null;
    } catch (IOException e) {
      throw new StoreUnavailable("the keyring at `" + path + "` cannot be read", e);
    }
  }

  @Override
  public void save(byte[] document) {
    Path folder = path.toAbsolutePath().getParent();
    Path fresh = path.resolveSibling(path.getFileName() + ".new");
    try {
      Files.deleteIfExists(fresh);
      var owner =
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
      try (FileChannel channel =
          FileChannel.open(
              fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), owner)) {
        ByteBuffer bytes = ByteBuffer.wrap(document);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
      try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
        directory.force(true);
      }
    } catch (IOException e) {
      throw new StoreUnavailable("the keyring at `" + path + "` cannot be written", e);
    }
  }
}
