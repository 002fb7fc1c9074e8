// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.disk.Disk;
import dev.holdfast.kit.disk.PowerCut;
import dev.holdfast.kit.disk.RecordingDisk;
import dev.holdfast.kit.disk.Step;
import dev.holdfast.kit.disk.Tape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Whenever the power goes, no marker says that nothing is left of an installation which may have
 * left containers; the process id is one that was written, or none.
 */
class MarkersPowerCutTest {
  private static final int STATES = PowerCut.isLong() ? 12_000 : 400;

  private Path root = Path.of("");

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
    var dir = new DataDir(root.resolve("data"));
    for (long pid = 1000; pid < 1003; pid++) {
      dir.create(disk);
      ServerProcess.enter(dir, pid, disk);
      disk.promise("containers");
      disk.promise("none");
      Down.nothingIsLeft(dir, disk);
    }
    dir.create(disk);
    ServerProcess.enter(dir, 1003, disk);
    disk.promise("containers");
    return disk.tape();
  }

  private static void check(Path root, Disk disk, List<Object> promised) throws IOException {
    var dir = new DataDir(root.resolve("data"));
    if (!promised.isEmpty() && promised.getLast().equals("containers")) {
      assertThat(dir.nothingLeft()).doesNotExist();
    }
    if (!promised.isEmpty()) {
      assertThat(dir.exists()).isTrue();
      assertThat(dir.pid()).isPresent();
    }
    assertThat(dir.pid())
        .isIn(
            Optional.empty(),
            Optional.of(1000L),
            Optional.of(1001L),
            Optional.of(1002L),
            Optional.of(1003L));
    dir.create(disk);
    ServerProcess.enter(dir, 1003, disk);
    assertThat(dir.nothingLeft()).doesNotExist();
  }

  @Test
  void neverForgetsThatThereMayBeContainers() throws IOException {
    PowerCut.play("markers", lives(), STATES, 1, MarkersPowerCutTest::check);
  }

  @Test
  void isFoundOutWithoutSyncs() throws IOException {
    for (Tape careless :
        List.of(
            lives().withoutAll(Step.SyncDirectory.class), again().withoutAll(Step.Sync.class))) {
      assertThat(PowerCut.fails(careless, STATES, 2, MarkersPowerCutTest::check)).isTrue();
    }
  }

  private Tape again() throws IOException {
    clear();
    make();
    return lives();
  }
}
