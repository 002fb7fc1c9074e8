// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.kit.disk.Disk;
import dev.holdfast.registry.blob.BlobStoreException;
import dev.holdfast.registry.blob.LimitedBlobStore;
import dev.holdfast.store.StoreUnavailable;
import dev.holdfast.store.space.DiskAlarm;
import dev.holdfast.store.space.Gauge;
import dev.holdfast.store.space.Reserve;
import dev.holdfast.store.space.Room;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The disks of a data directory: the reserve for its state, how much of them uploads may take, and
 * what the operator ought to know of them.
 */
final class DiskSpace implements DiskAlarm, AutoCloseable {
  /** Uploads leave this much, which is more than what state goes on with: they end first. */
  private static final long LEFT_BY_UPLOADS = 64L << 20;

  private static final long FILES_LEFT_BY_UPLOADS = 128;

  /** Folders that may be disks of their own, beside that of the state. */
  private static final List<String> FOLDERS = List.of(".", "blobs", "logs", "agent");

  private final Path dataDir;
  private final Reserve reserve;
  private final Consumer<StoreUnavailable> end;

  private DiskSpace(Path dataDir, Reserve reserve, Consumer<StoreUnavailable> end) {
    this.dataDir = dataDir;
    this.reserve = reserve;
    this.end = end;
  }

  /**
   * Opened before the state: a full disk's reserve is released here, so that the state opens.
   *
   * @param end told once where the state takes no more writes until it is opened again
   */
  static DiskSpace open(Path dataDir, Disk disk, Consumer<StoreUnavailable> end)
      throws IOException {
    Path state = dataDir.resolve("state"); // it may be a disk of its own
    if (!Files.exists(state) && Files.exists(dataDir.resolve(Foundation.KEYRING))) {
      state = dataDir; // it is missing, which is refused in a moment: nothing is made in its place
    }
    disk.makeDirectories(state);
    return new DiskSpace(
        dataDir, Reserve.open(state, Gauge.of(state), Reserve.Lines.STANDARD, disk), end);
  }

  Reserve reserve() {
    return reserve;
  }

  @Override
  public boolean full() {
    return reserve.release();
  }

  @Override
  public void broken(StoreUnavailable reason) {
    end.accept(reason);
  }

  /** The limit of uploads to a folder, on this disk or on one of its own. */
  LimitedBlobStore.Limit blobs(Path folder) throws IOException {
    Gauge gauge = Gauge.of(folder);
    boolean shared =
        Files.getFileStore(folder).equals(Files.getFileStore(dataDir.resolve("state")));
    return () -> {
      if ((shared && reserve.state() != Reserve.State.OPEN) || !room(gauge)) {
        throw new BlobStoreException(
            BlobStoreException.FULL, true, new IOException("too little is free"));
      }
    };
  }

  private static boolean room(Gauge gauge) {
    try {
      Room room = gauge.room();
      return room.readOnly() // which the write itself says in better words
          || (room.bytes() >= LEFT_BY_UPLOADS && room.files() >= FILES_LEFT_BY_UPLOADS);
    } catch (IOException _) {
      return true; // the write itself will tell
    }
  }

  /** What is short, or soon will be, on each disk of the directory. */
  List<String> warnings() {
    var warnings = new ArrayList<String>();
    reserve.warning().ifPresent(warnings::add);
    for (Map.Entry<Path, Gauge> other : otherDisks().entrySet()) {
      try {
        warning(other.getKey(), other.getValue().room(), warnings);
      } catch (IOException e) {
        warnings.add("the disk of " + other.getKey() + " cannot be measured: " + e.getMessage());
      }
    }
    return warnings;
  }

  private static void warning(Path folder, Room room, List<String> warnings) {
    boolean blobs = folder.endsWith("blobs");
    long low = blobs ? LEFT_BY_UPLOADS : 1L << 20;
    long few = blobs ? FILES_LEFT_BY_UPLOADS : 16;
    String disk = "the disk of " + folder + " ";
    if (room.readOnly()) {
      warnings.add(disk + "is read-only" + (blobs ? ": pushes are refused" : ""));
    } else if (room.bytes() < low || room.files() < few) {
      warnings.add(
          disk
              + "is full ("
              + room.text()
              + " left)"
              + (blobs
                  ? ": pushes are refused; free space on it, or delete images"
                  : ": what is written there is lost; free space on it"));
    } else if (room.bytes() < Reserve.Lines.STANDARD.warn() || room.files() < 6400) {
      warnings.add(disk + "is filling up: " + room.text() + " left");
    }
  }

  /** The disks that are not that of the state, by a folder on each. */
  private Map<Path, Gauge> otherDisks() {
    var disks = new LinkedHashMap<FileStore, Path>();
    var gauges = new LinkedHashMap<Path, Gauge>();
    try {
      disks.put(Files.getFileStore(dataDir.resolve("state")), dataDir);
      for (String name : FOLDERS) {
        Path folder = dataDir.resolve(name).normalize();
        if (Files.isDirectory(folder)
            && disks.putIfAbsent(Files.getFileStore(folder), folder) == null) {
          gauges.put(folder, Gauge.of(folder));
        }
      }
    } catch (IOException e) {
      System.getLogger("space").log(System.Logger.Level.DEBUG, "a disk is not known", e);
    }
    return gauges;
  }

  @Override
  public void close() {
    reserve.close();
  }
}
