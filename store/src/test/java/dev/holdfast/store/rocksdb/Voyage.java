// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.rocksdb;

import dev.holdfast.store.Commit;
import dev.holdfast.store.Entry;
import dev.holdfast.store.Key;
import dev.holdfast.store.KeyRange;
import dev.holdfast.store.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * The files of a store whose whole history is known: what each commit did, and how long the log was
 * when it was acknowledged.
 */
final class Voyage {
  /** The log had this length when the commits up to a revision had been synced. */
  record Mark(int length, long revision) {}

  private final Map<String, byte[]> files = new TreeMap<>();
  private final List<Mark> marks = new ArrayList<>();
  private final Map<Long, Commit> commits = new ConcurrentHashMap<>();
  private String log = "";

  /** Commits one by one and then from several threads, in batches as they come. */
  static Voyage sail(Path directory, long seed) throws Exception {
    var voyage = new Voyage();
    Engine.Writing writing = (db, batch) -> voyage.write(directory, db, batch);
    try (var store = RocksStore.open(directory, writing)) {
      voyage.marks.add(new Mark((int) Files.size(log(directory)), 0));
      var random = new SplittableRandom(seed);
      for (int i = 0; i < 40; i++) {
        voyage.commit(store, random);
      }
      try (var crew = Executors.newFixedThreadPool(8)) {
        var all = new ArrayList<Future<?>>();
        for (int hand = 0; hand < 8; hand++) {
          SplittableRandom own = random.split();
          all.add(
              crew.submit(
                  () -> {
                    for (int i = 0; i < 10; i++) {
                      voyage.commit(store, own);
                    }
                  }));
        }
        for (Future<?> one : all) {
          one.get();
        }
      }
      voyage.log = log(directory).getFileName().toString();
      try (Stream<Path> there = Files.list(directory)) {
        for (Path file : there.filter(Files::isRegularFile).toList()) {
          voyage.files.put(file.getFileName().toString(), Files.readAllBytes(file));
        }
      }
    }
    return voyage;
  }

  private static Path log(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".log")).findFirst().orElseThrow();
    }
  }

  private void write(Path directory, RocksDB db, WriteBatch batch) throws RocksDBException {
    Engine.Writing.SYNCED.write(db, batch);
    try {
      long revision = Layout.revision(db.get(Layout.REVISION_KEY)).number();
      marks.add(new Mark((int) Files.size(log(directory)), revision));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void commit(RocksStore store, SplittableRandom random) {
    var puts = new LinkedHashMap<Key, byte[]>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      // Now and then larger than a block of the log, so that its record is split.
      byte[] value = new byte[random.nextInt(12) == 0 ? 40_000 : random.nextInt(1_500)];
      random.nextBytes(value);
      puts.put(Key.of("key" + random.nextInt(30)), value);
    }
    var deletes = new LinkedHashSet<Key>();
    if (random.nextInt(4) == 0) {
      deletes.add(Key.of("key" + random.nextInt(30)));
      deletes.removeAll(puts.keySet());
    }
    var commit = new Commit(List.of(), puts, deletes);
    commits.put(store.commit(commit).number(), commit);
  }

  byte[] log() {
    return files.getOrDefault(log, new byte[0]);
  }

  /** Where the log was synced, in order. */
  List<Mark> marks() {
    return List.copyOf(marks);
  }

  /** What was synced when the log had a length. */
  long revisionAt(int length) {
    long revision = 0;
    for (Mark mark : marks) {
      if (mark.length() <= length) {
        revision = mark.revision();
      }
    }
    return revision;
  }

  /** Lays out the files with another log, and a high-water mark. */
  void layOut(Path directory, byte[] otherLog, long highWater) throws IOException {
    Files.createDirectory(directory);
    for (var file : files.entrySet()) {
      Files.write(
          directory.resolve(file.getKey()), file.getKey().equals(log) ? otherLog : file.getValue());
    }
    HighWaterMark.write(
        directory, new dev.holdfast.store.Revision(highWater), dev.holdfast.kit.disk.Disk.local());
  }

  /** Whether a store holds what it held at its revision: all commits up to it, and no other. */
  boolean isAt(RocksStore store) {
    try (Snapshot snapshot = store.read()) {
      var there = new TreeMap<Key, Entry>();
      for (Entry entry : snapshot.list(KeyRange.ALL, Integer.MAX_VALUE)) {
        there.put(entry.key(), entry);
      }
      var expected = new TreeMap<Key, Long>();
      for (long revision = 1; revision <= snapshot.revision().number(); revision++) {
        Commit commit = commits.get(revision);
        if (commit == null) {
          return false;
        }
        for (Key key : commit.puts().keySet()) {
          expected.put(key, revision);
        }
        commit.deletes().forEach(expected::remove);
      }
      return there.keySet().equals(expected.keySet())
          && expected.entrySet().stream().allMatch(e -> same(there.get(e.getKey()), e.getValue()));
    }
  }

  private boolean same(@org.jspecify.annotations.Nullable Entry entry, long revision) {
    Commit commit = commits.get(revision);
    return entry != null
        && commit != null
        && entry.modRevision().number() == revision
        && Arrays.equals(entry.value(), commit.puts().get(entry.key()));
  }
}
