// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.kit.Secret;
import dev.holdfast.kit.disk.Disk;
import dev.holdfast.service.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The root key's file: 32 random bytes, mode 0600, in no backup. */
final class RootKey {
  static final int BYTES = 32;

  private RootKey() {}

  /** Beside the data in {@code dev}, in the user's configuration folder otherwise. */
  static Path place(Profile profile, Path dataDir, String installation, Map<String, String> env) {
    return switch (profile) {
      case DEV -> dataDir.resolve("root.key");
      case STANDARD -> {
        String xdg = env.getOrDefault("XDG_CONFIG_HOME", "");
        String home = env.getOrDefault("HOME", "");
        Path base =
            xdg.startsWith("/")
                ? Path.of(xdg)
                : Path.of(home.isEmpty() ? "/root" : home, ".config");
        yield base.resolve("holdfast").resolve(installation + ".key");
      }
    };
  }

  /**
   * Where the key of an installation lies: behind links, so that what takes the file's place takes
   * it there.
   */
  static Path file(Installation installation) throws IOException {
    Path named = Path.of(installation.rootKey()).toAbsolutePath().normalize();
    return Files.exists(named) ? named.toRealPath() : named;
  }

  /**
   * Reads the key, or makes it where the installation is new.
   *
   * @throws Refusal where the key is missing, readable by others, of the wrong size, or inside the
   *     data directory although the profile forbids that
   */
  static Secret load(Installation installation, Path dataDir, boolean fresh, RandomGenerator random)
      throws IOException {
    return load(installation, dataDir, fresh, random, Disk.local());
  }

  /** As {@link #load(Installation, Path, boolean, RandomGenerator)}, on a given disk. */
  static Secret load(
      Installation installation, Path dataDir, boolean fresh, RandomGenerator random, Disk disk)
      throws IOException {
    Path file = Path.of(installation.rootKey()).toAbsolutePath().normalize();
    if (installation.profile() == Profile.STANDARD
        && file.startsWith(dataDir.toAbsolutePath().normalize())) {
      throw new Refusal(
          "the profile `standard` keeps its root key outside the data directory, so that one copy never holds both: --root-key FILE");
    }
    if (!Files.exists(file)) {
      if (!fresh) {
        throw new Refusal(
            "the root key "
                + file
                + ", which "
                + dataDir.resolve(Installation.FILE)
                + " names, is missing, and without it nothing here can be read; bring it back, or name its place: --root-key FILE");
      }
      create(file, random, disk);
    } else if (fresh) {
      // Made by a first start that was killed, perhaps before this.
      disk.syncDirectory(folder(file));
    }
    return read(file);
  }

  /**
   * Reads a key.
   *
   * @throws Refusal where it is missing, readable by others, or of the wrong size
   */
  static Secret read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new Refusal("there is no root key at " + file);
    }
    Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
    if (!mode.equals(PosixFilePermissions.fromString("rw-------"))
        && !mode.equals(PosixFilePermissions.fromString("r--------"))) {
      throw new Refusal("the root key " + file + " can be read by others: chmod 600 " + file);
    }
    byte[] bytes = Files.readAllBytes(file);
    if (bytes.length != BYTES) {
      throw new Refusal(
          "the root key "
              + file
              + " does not have 32 bytes: it is not the key of this directory. Bring that back, or name its place: --root-key FILE");
    }
    return new Secret(bytes);
  }

  private static Path folder(Path file) {
    return Objects.requireNonNull(file.getParent(), "the root key is a file in a folder");
  }

  private static void create(Path file, RandomGenerator random, Disk disk) throws IOException {
    disk.makeDirectories(folder(file));
    byte[] key = new byte[BYTES];
    random.nextBytes(key);
    try {
      disk.replace(file, key);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }
}
