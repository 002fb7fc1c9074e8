// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.rocksdb;

import dev.holdfast.kit.disk.Disk;
import dev.holdfast.store.Key;
import dev.holdfast.store.KeyRange;
import dev.holdfast.store.RangeState;
import dev.holdfast.store.Revision;
import dev.holdfast.store.StoreUnavailable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.FlushOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;
import org.rocksdb.TickerType;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The native database, never touched after its end: a call into freed native memory would take the
 * whole process down, so each call holds {@code lock} shared and closing holds it alone.
 */
final class Engine implements AutoCloseable {
  /** More than a block. */
  private static final int PROBE_BYTES = 8 * 1024;

  /** Hands a batch to RocksDB; a seam for tests, which hold a write back or make it fail. */
  interface Writing {
    Writing SYNCED =
        (db, batch) -> {
          try (var options = new WriteOptions().setSync(true)) {
            db.write(options, batch);
          }
        };

    /** Of a store that is open for reading alone. */
    Writing NONE =
        (_, _) -> {
          throw new StoreUnavailable("the store is open for reading alone");
        };

    void write(RocksDB db, WriteBatch batch) throws RocksDBException;
  }

  /** A native call. */
  interface Call<R extends @Nullable Object> {
    R run(RocksDB db) throws RocksDBException;
  }

  /** Guards the life of {@code db}: shared by calls, exclusive for closing. */
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  private final Path directory;
  private final RocksStore.Ground ground;
  private final FoundDamage damage = new FoundDamage();
  private final Set<Snapshot> snapshots = new HashSet<>();

  /** What readers see; none once the database is closed. */
  private final AtomicReference<@Nullable Pin> newest = new AtomicReference<>();

  private Opening opened;

  /** How often the database was opened: a snapshot of an earlier time is no more. */
  private int generation;

  private boolean closed;

  private Engine(Path directory, Opening opened, RocksStore.Ground ground) {
    this.directory = directory;
    this.opened = opened;
    this.ground = ground;
  }

  static Engine open(Path directory, Opening.Mode mode, RocksStore.Ground ground) {
    var engine = new Engine(directory, Opening.of(directory, mode, ground), ground);
    engine.show();
    return engine;
  }

  /** Makes a native call; a failure of RocksDB or a closed store is {@link StoreUnavailable}. */
  <R extends @Nullable Object> R call(Call<R> call) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new StoreUnavailable("the store is closed");
      }
      return call.run(opened.db());
    } catch (RocksDBException e) {
      damage.met(directory, e);
      throw new StoreUnavailable("the store cannot read: " + e.getMessage(), e);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** As {@link #call(Call)}, on behalf of a snapshot, which must be of the present opening. */
  <R extends @Nullable Object> R call(@Nullable Pin pin, Call<R> call) {
    return call(
        db -> {
          if (pin != null && pin.generation != generation) {
            throw new StoreUnavailable("the store was opened anew; read again");
          }
          return call.run(db);
        });
  }

  /** Writes a batch; what RocksDB says of a failure is the caller's to judge. */
  void write(Writing writing, WriteBatch batch) throws RocksDBException {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new StoreUnavailable("the store is closed");
      }
      writing.write(opened.db(), batch);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Whether the directory takes a synced write now. */
  boolean writable() {
    Path probe = directory.resolve("probe");
    Disk disk = ground.disk();
    try {
      disk.replace(probe, new byte[PROBE_BYTES]);
      disk.deleteIfExists(probe);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /**
   * Opens the database again, with the recovery that a new process makes: RocksDB takes no more
   * writes after one that failed, except where it was space that it lacked. Snapshots end.
   *
   * @throws StoreUnavailable where it does not open; then nothing can be read any more either
   */
  void reopen() {
    lock.writeLock().lock();
    try {
      if (closed) {
        throw new StoreUnavailable("the store is closed");
      }
      end();
      closed = true;
      opened = Opening.of(directory, Opening.Mode.EXISTING, ground);
      closed = false;
      generation++;
      show();
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Shows what was written so far to all who read from now on. */
  void show() {
    call(
        d -> {
          show(d);
          return true;
        });
  }

  private void show(RocksDB db) throws RocksDBException {
    Snapshot snapshot = db.getSnapshot();
    synchronized (snapshots) {
      snapshots.add(snapshot);
    }
    ReadOptions options = new ReadOptions().setSnapshot(snapshot);
    byte[] stored = db.get(options, Layout.REVISION_KEY);
    Revision revision = stored == null ? Revision.NONE : Layout.revision(stored);
    replace(new Pin(snapshot, options, revision, generation));
  }

  private void replace(@Nullable Pin next) {
    Pin before = newest.getAndSet(next);
    if (before != null) {
      release(before);
    }
  }

  /** The newest state that was shown; {@link #release} it. */
  Pin pin() {
    while (true) {
      Pin pin = newest.get();
      if (pin == null) {
        throw new StoreUnavailable("the store is closed");
      }
      if (pin.hold()) {
        return pin;
      }
    }
  }

  void release(Pin pin) {
    if (!pin.letGo()) {
      return;
    }
    pin.options.close();
    lock.readLock().lock();
    try {
      boolean open;
      synchronized (snapshots) {
        open = snapshots.remove(pin.snapshot);
      }
      if (open && !closed) {
        opened.db().releaseSnapshot(pin.snapshot);
      }
    } finally {
      lock.readLock().unlock();
    }
  }

  /** The newest revision that was written. */
  Revision revision() {
    byte[] stored = call(d -> d.get(Layout.REVISION_KEY));
    return stored == null ? Revision.NONE : Layout.revision(stored);
  }

  /** The revision of a key, {@link Revision#NONE} where it is absent. */
  Revision modRevision(Key key) {
    byte[] header = new byte[Long.BYTES];
    int size = call(d -> d.get(Layout.stored(key), header));
    return size == RocksDB.NOT_FOUND ? Revision.NONE : Layout.revision(header);
  }

  /** What to do with each entry of a range; false ends the walk. */
  interface Visitor {
    boolean visit(RocksIterator at);
  }

  /** Walks a range in key order, in the newest state or in that of a snapshot. */
  void walk(@Nullable Pin pin, KeyRange range, Visitor visitor) {
    iterate(
        pin,
        range,
        iterator -> {
          iterator.seek(Layout.stored(range.from()));
          while (iterator.isValid() && visitor.visit(iterator)) {
            iterator.next();
          }
        });
  }

  /** As {@link #walk}, from the end of the range to its beginning. */
  void walkBack(@Nullable Pin pin, KeyRange range, Visitor visitor) {
    byte[] from = Layout.stored(range.from());
    iterate(
        pin,
        range,
        iterator -> {
          iterator.seekToLast();
          while (iterator.isValid()
              && Arrays.compareUnsigned(iterator.key(), from) >= 0
              && visitor.visit(iterator)) {
            iterator.prev();
          }
        });
  }

  private void iterate(@Nullable Pin pin, KeyRange range, Consumer<RocksIterator> walk) {
    if (range.isEmpty()) {
      return;
    }
    Key to = range.to();
    call(
        pin,
        d -> {
          try (var options = new ReadOptions();
              var end = new Slice(to == null ? Layout.END : Layout.stored(to))) {
            options.setIterateUpperBound(end);
            if (pin != null) {
              options.setSnapshot(pin.snapshot);
            }
            try (RocksIterator iterator = d.newIterator(options)) {
              walk.accept(iterator);
              iterator.status();
            }
          }
          return true;
        });
  }

  RangeState state(@Nullable Pin pin, KeyRange range) {
    var state = new RangeState[] {RangeState.EMPTY};
    byte[] header = new byte[Long.BYTES];
    walk(
        pin,
        range,
        at -> {
          at.value(header);
          state[0] = state[0].plus(Layout.revision(header));
          return true;
        });
    return state[0];
  }

  /** Reads every file of the state and compares what it holds with its checksums. */
  void verifyChecksums() {
    call(
        d -> {
          d.verifyChecksum();
          return true;
        });
    damage.forget();
  }

  /** What was found damaged since the store was opened, or since a look that found nothing. */
  List<String> damage() {
    return damage.lines();
  }

  void flush() {
    call(
        d -> {
          try (var options = new FlushOptions().setWaitForFlush(true)) {
            d.flush(options);
          }
          return true;
        });
  }

  /** To be told of each revision after its sync and before anyone is answered. */
  void acknowledged(Revision revision) {
    HighWaterMark mark = opened.mark();
    if (mark != null) {
      mark.raise(revision);
    }
  }

  /** How often the write-ahead log was synced since the store was opened. */
  long walSyncs() {
    return call(_ -> opened.statistics().getTickerCount(TickerType.WAL_FILE_SYNCED));
  }

  /** Makes a consistent copy of the store in a new directory on the same file system. */
  void checkpoint(Path target) {
    try {
      Revision atLeast = revision();
      call(
          d -> {
            try (var checkpoint = Checkpoint.create(d)) {
              checkpoint.createCheckpoint(target.toString());
            }
            return true;
          });
      HighWaterMark.write(target, atLeast, ground.disk());
    } catch (IOException e) {
      throw new StoreUnavailable("the copy at `" + target + "` cannot be written", e);
    }
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        end();
        replace(null);
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void end() {
    snapshots.forEach(opened.db()::releaseSnapshot);
    snapshots.clear();
    Opening.free(opened.natives());
  }
}
