// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.space;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.disk.Disk;
import dev.holdfast.kit.disk.PowerCut;
import dev.holdfast.kit.disk.RecordingDisk;
import dev.holdfast.kit.disk.Tape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever a power cut left of the reserve, the next start has it whole, and nothing beside it. */
final class ReservePowerCutTest {
  private static final int STATES = PowerCut.isLong() ? 12_000 : 600;

  /** Four files of 8 KiB. */
  private static final Reserve.Lines LINES =
      new Reserve.Lines(4, 8192, 4096, 6144, 1024, 16, 100_000);

  private static final Gauge ROOMY = () -> new Room(1L << 30, 1L << 20, false);

  private Path root = Path.of("");

  @BeforeEach
  void make() throws IOException {
    root = PowerCut.folder();
  }

  @AfterEach
  void clear() throws IOException {
    PowerCut.clear(root);
  }

  private Tape taken() throws IOException {
    var disk = new RecordingDisk(root);
    try (var reserve = Reserve.open(root, ROOMY, LINES, disk)) {
      reserve.look(true);
      reserve.release();
      reserve.look(true);
    }
    return disk.tape();
  }

  private static void check(Path root, Disk disk, List<Object> promised) throws IOException {
    try (var reserve = Reserve.open(root, ROOMY, LINES, disk)) {
      reserve.look(true);
      assertThat(reserve.state()).isEqualTo(Reserve.State.OPEN);
    }
    try (Stream<Path> files = Files.list(root.resolve("reserve"))) {
      List<Path> found = files.toList();
      assertThat(found).hasSize(LINES.count());
      for (Path file : found) {
        byte[] bytes = Files.readAllBytes(file);
        assertThat(bytes).hasSize((int) LINES.each());
        assertThat(tail(bytes)).as("room that was given to a file and never written").isNotZero();
      }
    }
  }

  private static int tail(byte[] bytes) {
    int sum = 0;
    for (int i = bytes.length - 64; i < bytes.length; i++) {
      sum |= bytes[i];
    }
    return sum;
  }

  @Test
  void isWholeAfterTheNextStart() throws IOException {
    PowerCut.play("the reserve", taken(), STATES, 1, ReservePowerCutTest::check);
  }
}
