// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.rocksdb;

import dev.holdfast.store.Commit;
import dev.holdfast.store.History;
import dev.holdfast.store.KeyRange;
import dev.holdfast.store.Revision;
import dev.holdfast.store.Snapshot;
import dev.holdfast.store.Store;
import dev.holdfast.store.StoreUnavailable;
import dev.holdfast.store.Watch;
import dev.holdfast.store.space.DiskAlarm;
import java.nio.file.Path;
import java.util.List;
import org.rocksdb.ReadOptions;

/**
 * A store in a directory of its own: a commit is acknowledged only after the write-ahead log that
 * holds it was synced. One process at a time.
 */
public final class RocksStore implements Store {
  private static final int HISTORY_EVENTS = 65_536;

  private final Engine engine;
  private final History history;
  private final Committer committer;

  private RocksStore(Engine engine, History history, Committer committer) {
    this.engine = engine;
    this.history = history;
    this.committer = committer;
  }

  /**
   * Opens the store of a directory, or makes one.
   *
   * @throws StoreUnavailable where another process holds it, or where it is damaged
   */
  public static RocksStore open(Path directory) {
    return open(directory, DiskAlarm.NONE);
  }

  /**
   * As {@link #open(Path)}.
   *
   * @param alarm told where the disk is full, and where it fails
   */
  public static RocksStore open(Path directory, DiskAlarm alarm) {
    return open(directory, Engine.Writing.SYNCED, alarm);
  }

  static RocksStore open(Path directory, Engine.Writing writing) {
    return open(directory, writing, DiskAlarm.NONE);
  }

  static RocksStore open(Path directory, Engine.Writing writing, DiskAlarm alarm) {
    Engine engine = Engine.open(directory);
    Revision newest;
    try (var options = new ReadOptions()) {
      newest = engine.revision(null, options);
    }
    var history = new History(newest, HISTORY_EVENTS);
    var committer = new Committer(engine, writing, alarm, history, newest);
    committer.start();
    return new RocksStore(engine, history, committer);
  }

  @Override
  public Snapshot read() {
    return new RocksSnapshot(engine);
  }

  @Override
  public Revision commit(Commit commit) {
    return committer.commit(commit);
  }

  @Override
  public Watch watch(List<KeyRange> ranges, Revision after) {
    return history.watch(ranges, after);
  }

  /** How often the write-ahead log was synced since the store was opened. */
  public long walSyncs() {
    return engine.walSyncs();
  }

  /** Makes a consistent copy in a new directory of the same file system, while the store serves. */
  public void checkpoint(Path target) {
    engine.checkpoint(target);
  }

  @Override
  public void close() {
    committer.close();
    history.close();
    engine.close();
  }
}
