// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.rocksdb;

import dev.holdfast.kit.disk.Disk;
import dev.holdfast.store.StoreUnavailable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;

/**
 * A manifest whose last note is broken, as a power cut leaves it. RocksDB takes a note that is too
 * short for none, but opens no store where its size arrived and some of its bytes did not. Nothing
 * rests on a note before it is synced: the files that it makes needless are still there. So it is
 * cut off, and put back where the store then has less than was acknowledged.
 */
final class TornManifest {
  private TornManifest() {}

  /** Whether there is a broken end that an opening cuts off, or has begun to. */
  static boolean isIn(Path directory) throws IOException {
    Path manifest = manifest(directory);
    return manifest != null
        && (Files.exists(aside(manifest)) || LogFormat.check(manifest) < Files.size(manifest));
  }

  /** The store without its broken end, which stays as it is. */
  static Shadow shadow(Path directory) throws IOException {
    Path manifest = Objects.requireNonNull(manifest(directory));
    Path torn = Files.exists(aside(manifest)) ? aside(manifest) : manifest;
    byte[] whole = Arrays.copyOf(Files.readAllBytes(torn), LogFormat.check(torn));
    return Shadow.of(directory, String.valueOf(manifest.getFileName()), whole);
  }

  /**
   * Looks at a store as {@link Inspection#look} does, without the broken end of its manifest.
   *
   * @throws dev.holdfast.store.StoreDamaged where it has less than was acknowledged; then the
   *     manifest is as it was
   */
  static void look(Path directory, Options options, RocksStore.Ground ground)
      throws IOException, RocksDBException {
    Disk disk = ground.disk();
    Path manifest = manifest(directory);
    if (manifest == null || !cut(manifest, disk)) {
      Inspection.look(directory, options, ground.readAtStart());
      return;
    }
    try {
      Inspection.look(directory, options, ground.readAtStart());
    } catch (RocksDBException | StoreUnavailable e) {
      putBack(manifest, disk);
      throw e;
    }
    disk.deleteDurably(aside(manifest));
    System.getLogger("store")
        .log(
            System.Logger.Level.WARNING,
            "the last note in {0} was cut off at byte {1}: it was not whole, and nothing rests on it",
            manifest,
            Files.size(manifest));
  }

  /** Cuts a broken end off for good, whatever the store then has. */
  static void drop(Path directory, Disk disk) throws IOException {
    Path manifest = manifest(directory);
    if (manifest != null && cut(manifest, disk)) {
      disk.deleteDurably(aside(manifest));
    }
  }

  /** Cuts a broken end off, where there is one, and keeps what was there aside. */
  private static boolean cut(Path manifest, Disk disk) throws IOException {
    if (Files.exists(aside(manifest))) {
      putBack(manifest, disk); // an earlier look was cut off
    }
    int whole = LogFormat.check(manifest);
    if (whole == Files.size(manifest)) {
      return false;
    }
    byte[] torn = Files.readAllBytes(manifest);
    disk.replace(aside(manifest), torn); // whole as soon as it has its name, which alone decides
    disk.replace(manifest, Arrays.copyOf(torn, whole));
    return true;
  }

  private static void putBack(Path manifest, Disk disk) throws IOException {
    disk.move(aside(manifest), manifest);
    disk.syncDirectory(manifest.resolveSibling("."));
  }

  private static Path aside(Path manifest) {
    return manifest.resolveSibling("torn-" + manifest.getFileName());
  }

  /** The manifest in use; null where nothing names one. */
  private static @org.jspecify.annotations.Nullable Path manifest(Path directory)
      throws IOException {
    Path current = directory.resolve("CURRENT");
    if (!Files.isRegularFile(current) || Files.size(current) > 100) {
      return null;
    }
    String name = new String(Files.readAllBytes(current), StandardCharsets.ISO_8859_1).strip();
    return Optional.of(name)
        .filter(n -> n.matches("MANIFEST-[0-9]+"))
        .map(directory::resolve)
        .filter(Files::isRegularFile)
        .orElse(null);
  }
}
