// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.rocksdb;

import dev.holdfast.kit.disk.Disk;
import dev.holdfast.store.Commit;
import dev.holdfast.store.History;
import dev.holdfast.store.KeyRange;
import dev.holdfast.store.Revision;
import dev.holdfast.store.Snapshot;
import dev.holdfast.store.Store;
import dev.holdfast.store.StoreDamaged;
import dev.holdfast.store.StoreUnavailable;
import dev.holdfast.store.Watch;
import dev.holdfast.store.space.DiskAlarm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A store in a directory of its own: a commit is acknowledged only after the write-ahead log that
 * holds it was synced. One process at a time.
 */
public final class RocksStore implements Store {
  private static final int HISTORY_EVENTS = 65_536;

  /**
   * What a store stands on.
   *
   * @param disk for the files that are ours and not the engine's
   * @param readAtStart table files of up to so many bytes together are all read at the start
   */
  public record Ground(Disk disk, long readAtStart) {
    /** What takes 0.1 s on a slow disk. */
    public static final long READ_AT_START = 64L << 20;

    public Ground(Disk disk) {
      this(disk, READ_AT_START);
    }

    /** This machine's disk, as it is. */
    public static Ground local() {
      return new Ground(Disk.local());
    }
  }

  private final Engine engine;
  private final History history;
  private final Committer committer;

  private RocksStore(Engine engine, History history, Committer committer) {
    this.engine = engine;
    this.history = history;
    this.committer = committer;
  }

  /**
   * Opens the store of a directory, or makes one where nothing says that there was one.
   *
   * @throws StoreUnavailable where another process holds it
   * @throws StoreDamaged where it is damaged, or has less than was acknowledged
   */
  public static RocksStore open(Path directory) {
    return open(directory, DiskAlarm.NONE, Ground.local());
  }

  /**
   * As {@link #open(Path)}.
   *
   * @param alarm told where the disk is full, and where it fails
   */
  public static RocksStore open(Path directory, DiskAlarm alarm, Ground ground) {
    return over(Engine.open(directory, Opening.Mode.CREATE, ground), Engine.Writing.SYNCED, alarm);
  }

  /**
   * Opens the store of a directory, and never makes one.
   *
   * @throws StoreUnavailable where another process holds it
   * @throws StoreDamaged where it is missing, damaged, or has less than was acknowledged
   */
  public static RocksStore openExisting(Path directory) {
    return openExisting(directory, DiskAlarm.NONE, Ground.local());
  }

  /**
   * As {@link #openExisting(Path)}.
   *
   * @param alarm told where the disk is full, and where it fails
   */
  public static RocksStore openExisting(Path directory, DiskAlarm alarm, Ground ground) {
    return over(
        Engine.open(directory, Opening.Mode.EXISTING, ground), Engine.Writing.SYNCED, alarm);
  }

  /**
   * Opens the store of a directory for reading alone; its commits fail. Changes nothing, and must
   * not be used beside a process that writes.
   *
   * @throws StoreDamaged where it is missing, damaged, or has less than was acknowledged
   */
  public static RocksStore openReadOnly(Path directory) {
    return over(
        Engine.open(directory, Opening.Mode.READ_ONLY, Ground.local()),
        Engine.Writing.NONE,
        DiskAlarm.NONE);
  }

  /**
   * Whether the last note of a store's manifest is torn, as a power cut leaves it: opening the
   * store for writing mends that, and who opens it for reading alone finds it as it is then.
   *
   * @throws StoreDamaged where the manifest is damaged before its end
   */
  public static boolean isTorn(Path directory) {
    try {
      return TornManifest.isIn(directory);
    } catch (IOException e) {
      throw Inspection.refusal(directory, e);
    }
  }

  /**
   * Gives up what cannot be read: from here on the store is what its files still hold, up to the
   * first damage in its log. The log is copied to {@code aside} first. Nothing that a damaged table
   * file held comes back this way.
   *
   * @return what was lost
   * @throws StoreUnavailable where it does not open even so
   */
  public static Loss acceptLoss(Path directory, Path aside) {
    return Inspection.acceptLoss(directory, aside);
  }

  /**
   * What {@link #acceptLoss} gave up.
   *
   * @param acknowledged what was acknowledged, or null where nobody knows
   * @param there what is there
   */
  public record Loss(@Nullable Revision acknowledged, Revision there) {}

  static RocksStore open(Path directory, Engine.Writing writing) {
    return open(directory, writing, DiskAlarm.NONE);
  }

  static RocksStore open(Path directory, Engine.Writing writing, DiskAlarm alarm) {
    return over(Engine.open(directory, Opening.Mode.CREATE, Ground.local()), writing, alarm);
  }

  private static RocksStore over(Engine engine, Engine.Writing writing, DiskAlarm alarm) {
    Revision newest = engine.revision();
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

  /** Writes what is in memory into table files; a seam for tests. */
  void flush() {
    engine.flush();
  }

  /**
   * Acknowledges nothing any more: a file of ours beside the store's failed, and nobody may rest on
   * what is told from now on.
   */
  public void fail(StoreUnavailable reason) {
    committer.fail(reason);
  }

  @Override
  public List<String> damage() {
    return engine.damage();
  }

  @Override
  public void verifyChecksums() {
    engine.verifyChecksums();
  }

  /** How often the write-ahead log was synced since the store was opened. */
  public long walSyncs() {
    return engine.walSyncs();
  }

  /** Makes a consistent copy in a new directory of the same file system, while the store serves. */
  @Override
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
