// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.rocksdb;

import dev.holdfast.kit.disk.Disk;
import dev.holdfast.store.Revision;
import dev.holdfast.store.StoreDamaged;
import dev.holdfast.store.StoreFull;
import dev.holdfast.store.StoreUnavailable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;

/**
 * Looks at a store before RocksDB opens it for writing: opening deletes the files that the manifest
 * does not name, so a damaged manifest or log must be found before.
 */
final class Inspection {
  private static final byte[] MARKED = {1};

  private Inspection() {}

  /**
   * Whether a directory never held a store. RocksDB writes {@code CURRENT} before its first log and
   * table, so where that is missing and one of these is not, something was lost.
   */
  static boolean isNew(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return true;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (name.equals("CURRENT")
            || name.equals(HighWaterMark.FILE)
            || name.endsWith(".log")
            || name.endsWith(".sst")) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * Reads a store without changing it.
   *
   * @param readAtMost table files of more bytes together are not read whole
   * @throws StoreDamaged where it has less than was acknowledged, or than it must have
   */
  static void look(Path directory, Options options, long readAtMost)
      throws IOException, RocksDBException {
    Optional<Revision> mark = HighWaterMark.read(directory);
    logs(directory);
    Continuity.check(directory);
    try (RocksDB db = RocksDB.openReadOnly(options, directory.toString())) {
      Revision there = revision(db);
      byte[] format = db.get(Layout.FORMAT_KEY);
      if (format != null) {
        requireKnown(format, directory);
      } else if (!isEmpty(db)) {
        throw new StoreDamaged("the store at `" + directory + "` has lost what says its format");
      }
      if (mark.isPresent() && mark.get().isAfter(there)) {
        throw new StoreDamaged(
            "the store at `%s` ends at revision %d, and revision %d was acknowledged: its log (*.log) was cut off or damaged near its end"
                .formatted(directory, there.number(), mark.get().number()));
      }
      if (mark.isEmpty() && db.get(Layout.MARKED_KEY) != null) {
        throw new StoreDamaged(
            "`%s` is missing: without it nobody can tell whether the newest commits are there"
                .formatted(directory.resolve(HighWaterMark.FILE)));
      }
      long bytes = db.getLiveFilesMetaData().stream().mapToLong(LiveFileMetaData::size).sum();
      if (bytes <= readAtMost) {
        db.verifyChecksum();
      }
    }
  }

  private static void logs(Path directory) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        boolean manifest = name.startsWith("MANIFEST-") && !name.endsWith(Disk.DRAFT);
        if (name.endsWith(".log") || manifest) {
          int _ = LogFormat.check(file);
        }
      }
    }
  }

  /** Refuses a store of a newer format before anything of it is touched. */
  static void requireKnown(byte[] format, Path directory) {
    if (format.length != 1 || format[0] < 1 || format[0] > Layout.FORMAT[0]) {
      throw new StoreUnavailable(
          "the store at `"
              + directory
              + "` has format "
              + Byte.toUnsignedInt(format.length == 0 ? 0 : format[0])
              + ", and this Holdfast knows formats up to "
              + Layout.FORMAT[0]
              + " only: run the version that wrote it, or a newer one; nothing was changed");
    }
  }

  private static Revision revision(RocksDB db) throws RocksDBException {
    byte[] stored = db.get(Layout.REVISION_KEY);
    return stored == null ? Revision.NONE : Layout.revision(stored);
  }

  private static boolean isEmpty(RocksDB db) throws RocksDBException {
    try (var options = new ReadOptions();
        RocksIterator iterator = db.newIterator(options)) {
      iterator.seek(Layout.FIRST_ENTRY);
      iterator.status();
      return !iterator.isValid();
    }
  }

  /** The mark of a store that is open: at the newest revision, and made where there was none. */
  static HighWaterMark mark(Path directory, RocksDB db, Disk disk)
      throws IOException, RocksDBException {
    if (!HighWaterMark.isThere(directory)) {
      HighWaterMark.write(directory, revision(db), disk);
    }
    if (db.get(Layout.MARKED_KEY) == null) {
      try (var batch = new WriteBatch()) {
        batch.put(Layout.MARKED_KEY, MARKED);
        Engine.Writing.SYNCED.write(db, batch);
      }
    }
    return HighWaterMark.open(directory, revision(db), disk);
  }

  /** What a failure of RocksDB to open means. */
  static StoreUnavailable refusal(Path directory, RocksDBException e) {
    String reason = String.valueOf(e.getMessage());
    if (reason.contains("While lock file") || reason.contains("lock hold by current process")) {
      return new StoreUnavailable(
          "the store at `" + directory + "` is in use by another process", e);
    }
    return switch (DiskFault.of(e)) {
      // No damage, and nobody is to be led to give something up for it.
      case FULL ->
          new StoreFull(
              "the disk of `"
                  + directory
                  + "` is full, and the store needs some of it to open: free space on it and start"
                  + " again; nothing is lost",
              e);
      case REFUSED ->
          new StoreFull(
              "the file system of `"
                  + directory
                  + "` takes no writes: mount it writable and start again; nothing is lost",
              e);
      case DENIED ->
          new StoreUnavailable("the store at `%s` %s".formatted(directory, denied(reason)), e);
      case BROKEN ->
          new StoreDamaged("the store at `" + directory + "` does not open: " + reason, e);
    };
  }

  /** What it means that a file of ours cannot be read or written when a store opens. */
  static StoreUnavailable refusal(Path directory, IOException e) {
    String reason = String.valueOf(e.getMessage());
    String what =
        switch (e) {
          case AccessDeniedException _ -> denied(reason + ": Permission denied");
          case FileSystemException _ when reason.contains("Too many open files") -> denied(reason);
          default -> "does not open: " + e;
        };
    return new StoreUnavailable("the store at `%s` %s".formatted(directory, what), e);
  }

  private static String denied(String reason) {
    String remedy =
        reason.contains("ermission denied")
            ? "give its files to the user that runs the platform (chown -R)"
            : "allow the platform more open files (ulimit -n)";
    return "does not open: %s; %s and start again; nothing is lost".formatted(reason, remedy);
  }

  static RocksStore.Loss acceptLoss(Path directory, Path aside) {
    Deque<AutoCloseable> natives = new ArrayDeque<>();
    try {
      NativeLibrary.load(directory.resolve("native"), Disk.local());
      keepAside(directory, aside);
      Revision acknowledged = known(directory);
      dropTornNote(directory);
      Options options =
          Opening.options(natives)
              .setCreateIfMissing(false)
              .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery);
      RocksDB db = Opening.keep(natives, RocksDB.open(options, directory.toString()));
      Opening.checkFormat(db, directory);
      HighWaterMark.write(directory, revision(db), Disk.local());
      mark(directory, db, Disk.local()).close();
      return new RocksStore.Loss(acknowledged, revision(db));
    } catch (RocksDBException e) {
      throw refusal(directory, e);
    } catch (IOException e) {
      throw refusal(directory, e);
    } finally {
      Opening.free(natives);
    }
  }

  private static void dropTornNote(Path directory) throws IOException {
    try {
      TornManifest.drop(directory, Disk.local());
    } catch (StoreDamaged _) {
      // broken before its end: that is for RocksDB to tell
    }
  }

  private static @Nullable Revision known(Path directory) throws IOException {
    try {
      return HighWaterMark.read(directory).orElse(null);
    } catch (StoreDamaged _) {
      return null;
    }
  }

  private static void keepAside(Path directory, Path aside) throws IOException {
    Disk.local().makeDirectories(aside);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (List.of("CURRENT", HighWaterMark.FILE).contains(name)
            || name.endsWith(".log")
            || name.startsWith("MANIFEST-")
            || name.startsWith("torn-")) {
          Disk.local().copy(file, aside.resolve(name));
        }
      }
    }
  }
}
