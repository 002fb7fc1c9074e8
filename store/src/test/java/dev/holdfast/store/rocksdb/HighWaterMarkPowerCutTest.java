// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.disk.Disk;
import dev.holdfast.kit.disk.PowerCut;
import dev.holdfast.kit.disk.RecordingDisk;
import dev.holdfast.kit.disk.Step;
import dev.holdfast.kit.disk.Tape;
import dev.holdfast.store.Revision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Whenever the power goes, the mark is there and reads: not below what was made durable at the last
 * start or end, and not above what was acknowledged.
 */
final class HighWaterMarkPowerCutTest {
  private static final int STATES = PowerCut.isLong() ? 12_000 : 1_000;

  private Path root = Path.of("");

  /** What is durable for certain, and what the log holds. */
  private record Said(long durable, long acknowledged) {}

  @BeforeEach
  void make() throws IOException {
    root = PowerCut.folder();
  }

  @AfterEach
  void clear() throws IOException {
    PowerCut.clear(root);
  }

  private Tape lives() throws IOException {
    var disk = new RecordingDisk(root);
    long revision = 0;
    HighWaterMark.write(root, new Revision(revision), disk);
    for (int life = 0; life < 3; life++) {
      long durable = revision;
      disk.promise(new Said(durable, revision));
      try (var mark = HighWaterMark.open(root, new Revision(revision), disk)) {
        for (int i = 0; i < 5; i++) {
          disk.promise(new Said(durable, ++revision)); // by the log, whose sync comes before
          mark.raise(new Revision(revision));
        }
      }
    }
    disk.promise(new Said(revision, revision));
    return disk.tape();
  }

  private static void check(Path root, Disk disk, List<Object> promised) throws IOException {
    Optional<Revision> found = HighWaterMark.read(root);
    if (!promised.isEmpty()) {
      var said = (Said) promised.getLast();
      assertThat(found.orElseThrow().number()).isBetween(said.durable(), said.acknowledged());
      HighWaterMark.open(root, new Revision(said.acknowledged()), disk).close();
      assertThat(HighWaterMark.read(root)).contains(new Revision(said.acknowledged()));
    }
  }

  @Test
  void isNeverDamagedNorAhead() throws IOException {
    PowerCut.play("the high-water mark", lives(), STATES, 1, HighWaterMarkPowerCutTest::check);
  }

  @Test
  void isFoundOutWithoutSyncs() throws IOException {
    Tape tape = lives();
    for (Tape careless :
        List.of(tape.withoutAll(Step.Sync.class), tape.withoutAll(Step.SyncDirectory.class))) {
      assertThat(PowerCut.fails(careless, STATES, 2, HighWaterMarkPowerCutTest::check)).isTrue();
    }
  }
}
