// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.disk.Disk;
import dev.holdfast.kit.disk.PowerCut;
import dev.holdfast.kit.disk.RecordingDisk;
import dev.holdfast.store.Commit;
import dev.holdfast.store.Key;
import dev.holdfast.store.KeyRange;
import dev.holdfast.store.Revision;
import dev.holdfast.store.Snapshot;
import dev.holdfast.store.StoreDamaged;
import dev.holdfast.store.space.DiskAlarm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The power goes while RocksDB notes in its manifest that a table file was written: the table is
 * whole and the log still there, so whatever arrived of the note, nothing is lost.
 */
final class ManifestPowerCutTest {
  private static final int SECTOR = 512;
  private static final int STATES = PowerCut.isLong() ? 10_000 : 40;
  private static final int MENDING_STATES = PowerCut.isLong() ? 5_000 : 120;
  private static final int COMMITS = 30;

  /** With the next one RocksDB would merge tables, and write a second note after the first. */
  private static final int ROUNDS = 3;

  private Path folder = Path.of("");

  @BeforeEach
  void make() throws IOException {
    folder = PowerCut.folder();
  }

  @AfterEach
  void clear() throws IOException {
    PowerCut.clear(folder);
  }

  private static Map<String, byte[]> files(Path directory) throws IOException {
    var files = new TreeMap<String, byte[]>();
    try (Stream<Path> there = Files.list(directory)) {
      for (Path file : there.filter(Files::isRegularFile).toList()) {
        files.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }

  /** All but what RocksDB tells of itself whenever it opens. */
  private static Map<String, Integer> hashes(Map<String, byte[]> files) {
    var hashes = new TreeMap<String, Integer>();
    files.forEach((name, bytes) -> hashes.put(name, Arrays.hashCode(bytes)));
    hashes.keySet().removeIf(name -> name.startsWith("LOG"));
    return hashes;
  }

  private static String manifest(Map<String, byte[]> files) {
    return files.keySet().stream().filter(n -> n.startsWith("MANIFEST")).findFirst().orElseThrow();
  }

  @Test
  void opensWithEverythingWhateverArrivedOfTheNote() throws IOException {
    var random = new SplittableRandom(5);
    var outcomes = new TreeMap<String, Integer>();
    Path whole = folder.resolve("whole");
    int commits = 0;
    try (var store = RocksStore.open(whole)) {
      for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < 30; i++) {
          store.commit(Commit.put(Key.of("key" + commits++), new byte[random.nextInt(900)]));
        }
        Map<String, byte[]> before = files(whole);
        store.flush();
        Map<String, byte[]> after = files(whole);
        before.forEach(after::putIfAbsent);
        String name = manifest(before);
        int from = before.getOrDefault(name, new byte[0]).length;
        byte[] noted = after.getOrDefault(name, new byte[0]);
        for (int i = 0; i < STATES / ROUNDS; i++) {
          int size =
              random.nextInt(4) == 0 ? from + random.nextInt(noted.length - from) : noted.length;
          byte[] torn = Arrays.copyOf(noted, size);
          int boundary = Math.min(size, (from / SECTOR + 1) * SECTOR);
          switch (random.nextInt(4)) {
            case 0 -> Arrays.fill(torn, from, size, (byte) 0);
            case 1 -> Arrays.fill(torn, from, boundary, (byte) 0);
            case 2 -> Arrays.fill(torn, boundary, size, (byte) 0);
            default -> {
              // only its size, if that
            }
          }
          after.put(name, torn);
          outcomes.merge(outcome(after, commits), 1, Integer::sum);
        }
      }
    }
    System.getLogger("power").log(System.Logger.Level.INFO, "notes in the manifest: " + outcomes);
    assertThat(outcomes).containsOnlyKeys("opened");
  }

  /** The power goes again while the broken end is cut off, and while that is undone. */
  @Test
  void mendsItWhereverThePowerGoesAgain() throws IOException {
    layOut(folder, torn(folder.resolve("whole")));
    var disk = new RecordingDisk(folder);
    allIsThere(folder, disk, List.of());
    PowerCut.play(
        "a torn manifest", disk.tape(), MENDING_STATES, 6, ManifestPowerCutTest::allIsThere);
  }

  @Test
  void isNoReasonToGiveAnythingUp() throws IOException {
    Path directory = Files.createDirectory(folder.resolve("state"));
    layOut(directory, torn(folder.resolve("whole")));
    RocksStore.Loss loss = RocksStore.acceptLoss(directory, folder.resolve("aside"));
    assertThat(loss.there()).isEqualTo(new Revision(COMMITS)).isEqualTo(loss.acknowledged());
    allIsThere(directory, Disk.local(), List.of());
  }

  private static void allIsThere(Path directory, Disk disk, List<Object> promised) {
    try (var store =
            RocksStore.openExisting(directory, DiskAlarm.NONE, new RocksStore.Ground(disk));
        Snapshot snapshot = store.read()) {
      assertThat(snapshot.revision()).isEqualTo(new Revision(COMMITS));
      assertThat(snapshot.list(KeyRange.ALL, Integer.MAX_VALUE)).hasSize(COMMITS);
    }
  }

  /** The files of a store whose manifest got the size of its last note and half of its bytes. */
  private static Map<String, byte[]> torn(Path whole) throws IOException {
    try (var store = RocksStore.open(whole)) {
      for (int i = 0; i < COMMITS; i++) {
        store.commit(Commit.put(Key.of("key" + i), new byte[100]));
      }
      Map<String, byte[]> before = files(whole);
      store.flush();
      Map<String, byte[]> after = files(whole);
      before.forEach(after::putIfAbsent);
      String name = manifest(before);
      int from = before.getOrDefault(name, new byte[0]).length;
      byte[] noted = after.getOrDefault(name, new byte[0]);
      Arrays.fill(noted, (from + noted.length) / 2, noted.length, (byte) 0);
      return after;
    } finally {
      PowerCut.clear(whole);
    }
  }

  private static void layOut(Path directory, Map<String, byte[]> files) throws IOException {
    for (var file : files.entrySet()) {
      Files.write(directory.resolve(file.getKey()), file.getValue());
    }
  }

  private String outcome(Map<String, byte[]> files, int commits) throws IOException {
    Path directory = Files.createDirectory(folder.resolve("state"));
    layOut(directory, files);
    Map<String, byte[]> before = files(directory);
    RocksStore.openReadOnly(directory).close();
    assertThat(hashes(files(directory))).as("a look changes nothing").isEqualTo(hashes(before));
    try (var store = RocksStore.openExisting(directory);
        Snapshot snapshot = store.read()) {
      boolean all =
          snapshot.revision().equals(new Revision(commits))
              && snapshot.list(KeyRange.ALL, Integer.MAX_VALUE).size() == commits;
      if (RocksStore.isTorn(directory)) {
        return "torn STILL";
      }
      return all ? "opened" : "LOST";
    } catch (StoreDamaged e) {
      return "refused: " + String.valueOf(e.getMessage()).replaceAll("[0-9]+|/[^ `]*", "N");
    } finally {
      PowerCut.clear(directory);
    }
  }
}
