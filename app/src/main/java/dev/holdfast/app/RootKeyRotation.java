// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Secret;
import dev.holdfast.kit.disk.Disk;
import dev.holdfast.kit.disk.FailStopDisk;
import dev.holdfast.store.seal.Keyring;
import dev.holdfast.store.seal.KeyringFile;
import dev.holdfast.store.seal.SealException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Objects;

/**
 * Gives an open directory another root key and a fresh data key, while everything goes on.
 *
 * <p>The steps, each durable before the next: the old key is kept as {@code FILE.previous}, the new
 * one lies beside it as {@code FILE.next}; the keyring is sealed under it; it takes the old one's
 * name. Whatever is left of them after a crash, one of the two opens the keyring, and the next
 * start ends or undoes what was begun. The old key is never destroyed: backups, and perhaps other
 * directories, are under it, and whether it has to go is for the operator to say.
 */
record RootKeyRotation(OpenDirectory directory) {
  static final String NEXT = ".next";
  static final String PREVIOUS = ".previous";

  /**
   * Rotates; returns what to tell the operator.
   *
   * @param endSessions whether sessions and tokens of before are void from the next start on
   * @throws Refusal where the key's folder cannot be written to
   */
  String run(boolean endSessions) throws IOException {
    Foundation foundation = directory.foundation();
    Path file = RootKey.file(directory.installation());
    requireRoom(file);
    // First of all: a crash must not leave a key that counts as kept elsewhere and is not.
    Custody.forget(
        foundation.state(),
        directory
            .operator()
            .call(
                OperatorCalls.SOURCE,
                "RotateRootKey",
                JsonObject.EMPTY.with("endSessions", endSessions)));
    // A key that lies elsewhere is on another disk, and what fails there ends nothing here.
    boolean inside = file.toAbsolutePath().startsWith(directory.path().toAbsolutePath());
    Disk disk = inside ? foundation.files() : new FailStopDisk(Disk.local());
    change(file, foundation.keyring(), foundation.random(), disk);
    int version = foundation.keyring().rotate();
    if (endSessions) {
      // Sealed under the fresh key, so that nobody who has the old ones finds the tokens' keys.
      Epoch.raise(foundation.state(), "", foundation.random(), foundation.clock().instant());
    }
    return told(file, version, endSessions);
  }

  /**
   * Whether there is room for the two names that a rotation needs.
   *
   * @throws Refusal where one of them is a key of an earlier rotation
   */
  static void requireRoom(Path file) throws IOException {
    // It may be the only copy of the key that the keyring is under by now.
    if (Files.exists(next(file))) {
      throw new Refusal(
          next(file)
              + " is of a rotation that was interrupted: stop and start the platform, which ends it,"
              + " then rotate again");
    }
    Path previous = previous(file);
    if (Files.exists(previous) && !same(previous, file)) {
      throw new Refusal(
          previous
              + " is of an earlier rotation: move it to where you keep the keys of backups, or delete"
              + " it where nothing is under it any more, then rotate again");
    }
  }

  private static boolean same(Path one, Path other) throws IOException {
    try (var first = new Secret(Files.readAllBytes(one));
        var second = new Secret(Files.readAllBytes(other))) {
      return first.equals(second);
    }
  }

  private static String told(Path file, int version, boolean endSessions) {
    var text = new StringBuilder();
    text.append("The root key in ").append(file).append(" is a new one, and what is written from");
    text.append(" now on is sealed under data key ").append(version).append(".\n");
    text.append("The old key is in ").append(previous(file)).append(" and opens the backups of");
    text.append(" before: move it to where you keep their keys, or delete it if there are none.\n");
    text.append("The new one is in no copy yet; export it before the next backup: ./holdfast key");
    text.append(" export FILE");
    if (endSessions) {
      text.append("\nSessions and tokens of before end with the next start of the platform.");
    }
    return text.toString();
  }

  /** The steps that a crash may come between. */
  static void change(Path file, Keyring keyring, SecureRandom random, Disk disk)
      throws IOException {
    Path next = next(file);
    byte[] bytes = new byte[RootKey.BYTES];
    random.nextBytes(bytes);
    try (Secret key = new Secret(bytes);
        Secret old = RootKey.read(file)) {
      try {
        disk.replace(next, key.bytes());
        disk.replace(previous(file), old.bytes());
      } catch (IOException e) {
        throw new Refusal(
            "the root key stays as it is, since %s cannot be written: %s"
                .formatted(next, e.getMessage()));
      }
      keyring.rewrap(key);
    }
    settle(next, file, disk);
  }

  /**
   * Opens a keyring, and ends a rotation that was interrupted.
   *
   * @param root what lies in {@code file}
   * @throws SealException where neither that nor what was to follow it opens the keyring
   */
  static Keyring open(Path file, KeyringFile ring, Secret root, SecureRandom random, Disk disk)
      throws IOException {
    Path next = next(file);
    if (!Files.exists(next)) {
      return Keyring.open(ring, root, random);
    }
    // Whoever was killed may have made this name and not synced it, and it decides what follows.
    disk.syncDirectory(folder(ring.path()));
    Keyring opened;
    try {
      opened = Keyring.open(ring, root, random);
    } catch (SealException e) {
      opened = openNext(next, ring, random, e);
      settle(next, file, disk);
      return opened;
    }
    // It never came to be used, and what was to be the previous key is the one of now.
    if (Files.exists(previous(file)) && same(previous(file), file)) {
      disk.deleteDurably(previous(file));
    }
    disk.deleteDurably(next);
    return opened;
  }

  /** Opens a keyring under whichever key fits, and changes nothing. */
  static Keyring look(Path file, KeyringFile ring, Secret root, SecureRandom random)
      throws IOException {
    try {
      return Keyring.open(ring, root, random);
    } catch (SealException e) {
      Path next = next(file);
      if (!Files.exists(next)) {
        throw e;
      }
      return openNext(next, ring, random, e);
    }
  }

  private static Keyring openNext(
      Path next, KeyringFile ring, SecureRandom random, SealException otherwise)
      throws IOException {
    try (Secret newer = RootKey.read(next)) {
      return Keyring.open(ring, newer, random);
    } catch (SealException | Refusal also) {
      otherwise.addSuppressed(also);
      throw otherwise;
    }
  }

  private static void settle(Path next, Path file, Disk disk) throws IOException {
    disk.move(next, file);
    disk.syncDirectory(folder(file));
  }

  static Path previous(Path file) {
    return file.resolveSibling(file.getFileName() + PREVIOUS);
  }

  static Path next(Path file) {
    return file.resolveSibling(file.getFileName() + NEXT);
  }

  private static Path folder(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file in a folder");
  }
}
