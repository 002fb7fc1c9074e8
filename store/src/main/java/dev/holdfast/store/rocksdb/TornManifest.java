// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.rocksdb;

import dev.holdfast.kit.disk.Disk;
import dev.holdfast.store.StoreUnavailable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
  private static final String ASIDE = "torn-";

  private TornManifest() {}

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
    if (manifest == null) {
      Inspection.look(directory, options, ground.readAtStart());
      return;
    }
    Path aside = manifest.resolveSibling(ASIDE + manifest.getFileName());
    if (Files.exists(aside)) {
      putBack(aside, manifest, disk); // an earlier look was cut off
    }
    int whole = LogFormat.check(manifest);
    if (whole == Files.size(manifest)) {
      Inspection.look(directory, options, ground.readAtStart());
      return;
    }
    byte[] torn = Files.readAllBytes(manifest);
    disk.replace(aside, torn); // whole as soon as it has its name, since the name alone decides
    disk.replace(manifest, Arrays.copyOf(torn, whole));
    try {
      Inspection.look(directory, options, ground.readAtStart());
    } catch (RocksDBException | StoreUnavailable e) {
      putBack(aside, manifest, disk);
      throw e;
    }
    disk.deleteDurably(aside);
    System.getLogger("store")
        .log(
            System.Logger.Level.WARNING,
            "the last note in {0} was cut off at byte {1}: it was not whole, and nothing rests on it",
            manifest,
            whole);
  }

  private static void putBack(Path aside, Path manifest, Disk disk) throws IOException {
    disk.move(aside, manifest);
    disk.syncDirectory(manifest.resolveSibling("."));
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
