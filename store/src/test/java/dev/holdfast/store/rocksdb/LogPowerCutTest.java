// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.disk.PowerCut;
import dev.holdfast.store.Commit;
import dev.holdfast.store.Key;
import dev.holdfast.store.Snapshot;
import dev.holdfast.store.StoreDamaged;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Whatever a power cut leaves of the log's last write, the store opens with every commit that was
 * acknowledged, and with no half of another; a hole in what was synced before is refused.
 */
final class LogPowerCutTest {
  private static final int SECTOR = 512;
  private static final int STATES = PowerCut.isLong() ? 5_000 : 60;

  private static Path folder = Path.of("");
  private static Voyage voyage = new Voyage();
  private static int number;

  @BeforeAll
  static void sail() throws Exception {
    folder = PowerCut.folder();
    voyage = Voyage.sail(folder.resolve("whole"), 20261125);
  }

  @AfterAll
  static void clear() throws IOException {
    PowerCut.clear(folder);
  }

  /** Opens what is left; what is wrong with it, or nothing. */
  private static String outcome(byte[] log, long highWater, long least) throws IOException {
    Path directory = folder.resolve("state" + number++);
    voyage.layOut(directory, log, highWater);
    try (var store = RocksStore.openExisting(directory)) {
      long revision;
      try (Snapshot snapshot = store.read()) {
        revision = snapshot.revision().number();
      }
      if (revision < least) {
        return "LOST";
      }
      if (!voyage.isAt(store)) {
        return "NOT what was there at revision " + revision;
      }
      long next = store.commit(Commit.put(Key.of("next"), new byte[1])).number();
      return next == revision + 1 ? "opened" : "WRONG revision after " + revision;
    } catch (StoreDamaged e) {
      return "refused: " + String.valueOf(e.getMessage()).replaceAll(".*state[0-9]+", "");
    } finally {
      PowerCut.clear(directory);
    }
  }

  /** The log cut off at, before and after each place where it was synced, and in between. */
  @Test
  void opensWithExactlyTheCommitsBeforeTheCut() throws IOException {
    var random = new SplittableRandom(1);
    byte[] log = voyage.log();
    List<Voyage.Mark> marks = voyage.marks();
    int last = marks.getLast().length();
    assertThat(log).hasSize(last);
    int step = PowerCut.isLong() ? 1 : 3;
    for (int i = 0; i < marks.size(); i += step) {
      int end = marks.get(i).length();
      for (int cut : new int[] {end, end - 1 - random.nextInt(7), end + 1 + random.nextInt(900)}) {
        check(Math.clamp(cut, 0, last));
      }
    }
    for (int i = 0; i < STATES; i++) {
      check(random.nextInt(last + 1));
    }
  }

  private static void check(int cut) throws IOException {
    long synced = voyage.revisionAt(cut);
    // The mark is not synced, so it may be any number behind.
    long highWater = cut % 2 == 0 ? synced : synced / 2;
    assertThat(outcome(Arrays.copyOf(voyage.log(), cut), highWater, synced))
        .as("cut at %d", cut)
        .isEqualTo("opened");
    if (cut % 5 == 0 && synced > 0) {
      int missing = Math.max(0, cut - 2_000);
      if (voyage.revisionAt(missing) < synced) {
        assertThat(outcome(Arrays.copyOf(voyage.log(), missing), synced, synced))
            .as("synced up to %d and cut at %d", cut, missing)
            .startsWith("refused");
      }
    }
  }

  /** The last write is on the disk in some of its sectors, and the size has come or has not. */
  @Test
  void opensWhicheverSectorsOfTheLastWriteArrived() throws IOException {
    Map<String, Integer> outcomes = torn(0, STATES);
    System.getLogger("power")
        .log(System.Logger.Level.INFO, "sectors of the last write: " + outcomes);
    assertThat(outcomes).containsOnlyKeys("opened");
  }

  /** Commits that were acknowledged before their sync are missed. */
  @Test
  void isFoundOutWhereTheLogIsNotSynced() throws IOException {
    assertThat(torn(2, 30)).containsKey("LOST");
  }

  /**
   * What becomes of states in which a write is torn.
   *
   * @param early how many more writes were acknowledged although they are not synced
   */
  private static Map<String, Integer> torn(int early, int states) throws IOException {
    var random = new SplittableRandom(2);
    var outcomes = new TreeMap<String, Integer>();
    for (int i = 0; i < states; i++) {
      List<Voyage.Mark> marks = voyage.marks();
      int at = random.nextInt(marks.size() - 1 - early);
      int from = marks.get(at).length();
      int to = marks.get(at + 1 + early).length();
      int size = random.nextInt(3) == 0 ? from + random.nextInt(to - from + 1) : to;
      byte[] log = Arrays.copyOf(voyage.log(), size);
      double luck = random.nextDouble();
      for (int sector = from; sector < size; sector = (sector / SECTOR + 1) * SECTOR) {
        if (random.nextDouble() > luck) {
          Arrays.fill(log, sector, Math.min(size, (sector / SECTOR + 1) * SECTOR), (byte) 0);
        }
      }
      long synced = marks.get(at).revision();
      long highWater = random.nextBoolean() ? synced : synced / 2;
      String outcome = outcome(log, highWater, marks.get(at + early).revision());
      outcomes.merge(outcome, 1, Integer::sum);
    }
    return outcomes;
  }

  /** A sector of what was synced long ago is gone; nothing but the log itself can tell. */
  @Test
  void refusesAHoleBeforeWhatWasSynced() throws IOException {
    var random = new SplittableRandom(3);
    var outcomes = new TreeMap<String, Integer>();
    for (int i = 0; i < STATES; i++) {
      List<Voyage.Mark> marks = voyage.marks();
      int last = 2 + random.nextInt(marks.size() - 2);
      byte[] log = Arrays.copyOf(voyage.log(), marks.get(last).length());
      int hole = random.nextInt(marks.get(last - 1).length());
      if (random.nextBoolean()) {
        log[hole] ^= (byte) (1 << random.nextInt(8));
      } else {
        Arrays.fill(log, hole, Math.min(hole + SECTOR, marks.get(last - 1).length()), (byte) 0);
      }
      if (Arrays.equals(log, Arrays.copyOf(voyage.log(), log.length))) {
        continue;
      }
      String outcome = outcome(log, 0, marks.get(last).revision());
      outcomes.merge(outcome.replaceAll("[0-9]+", "N"), 1, Integer::sum);
    }
    System.getLogger("power").log(System.Logger.Level.INFO, "holes in the log: " + outcomes);
    assertThat(outcomes.keySet()).allMatch(outcome -> outcome.startsWith("refused"));
  }
}
