// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.seal;

import dev.holdfast.kit.disk.Disk;
import dev.holdfast.store.StoreUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A keyring in a file (mode 0600): written aside, synced, then renamed. */
public record KeyringFile(Path path, Disk disk) implements KeyringStorage {
  /** A keyring on this machine's file system. */
  public KeyringFile(Path path) {
    this(path, Disk.local());
  }

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
    try {
      disk.replace(path, document);
    } catch (IOException e) {
      throw new StoreUnavailable("the keyring at `" + path + "` cannot be written", e);
    }
  }
}
