// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.disk.Disk;
import dev.holdfast.kit.disk.PowerCut;
import dev.holdfast.kit.disk.RecordingDisk;
import dev.holdfast.kit.disk.Tape;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whenever the power goes, the agent knows which images are its own, as last saved or newer. */
class PulledImagesPowerCutTest {
  private static final int STATES = PowerCut.isLong() ? 12_000 : 800;
  private static final int IMAGES = 4;
  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

  private Path root = Path.of("");

  @BeforeEach
  void make() throws IOException {
    root = PowerCut.folder();
  }

  @AfterEach
  void clear() throws IOException {
    PowerCut.clear(root);
  }

  private static PulledImages open(Path root, Disk disk) throws IOException {
    return PulledImages.open(root.resolve("images.json"), disk);
  }

  private static Set<String> names(int count) {
    return IntStream.range(0, count).mapToObj(i -> "image-" + i).collect(Collectors.toSet());
  }

  private Tape pulls() throws IOException {
    var disk = new RecordingDisk(root);
    PulledImages images = open(root, disk);
    for (int i = 0; i < IMAGES; i++) {
      images.pulled("image-" + i, NOW);
      disk.promise(i + 1);
    }
    return disk.tape();
  }

  private static void check(Path root, Disk disk, List<Object> promised) throws IOException {
    Set<String> found = open(root, disk).all().keySet();
    assertThat(found).isEqualTo(names(found.size()));
    assertThat(found)
        .hasSizeGreaterThanOrEqualTo(promised.isEmpty() ? 0 : (int) promised.getLast());
  }

  @Test
  void knowsItsImages() throws IOException {
    PowerCut.play("pulled images", pulls(), STATES, 1, PulledImagesPowerCutTest::check);
  }

  @Test
  void knowsTheImagesOfAKilledAgent() throws IOException {
    for (int kill = 0; kill < 6; kill++) {
      clear();
      make();
      var disk = new RecordingDisk(root);
      PulledImages killed = open(root, disk);
      disk.killAfter(kill);
      try {
        killed.pulled("image-0", NOW);
      } catch (RecordingDisk.Killed _) {
        // as planned
      }
      disk.revive();
      disk.promise(open(root, disk).all().size());
      PowerCut.play(
          "a killed agent's images", disk.tape(), STATES / 4, 2, PulledImagesPowerCutTest::check);
    }
  }

  @Test
  void isFoundOutWithoutSyncs() throws IOException {
    Tape tape = pulls();
    for (Tape careless : tape.careless()) {
      assertThat(PowerCut.fails(careless, STATES, 3, PulledImagesPowerCutTest::check)).isTrue();
    }
  }
}
