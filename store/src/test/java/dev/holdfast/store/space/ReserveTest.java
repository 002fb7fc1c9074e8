// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.kit.disk.Disk;
import dev.holdfast.store.StoreFull;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reserve goes when the disk is full, serves what may use it, and comes back by itself. */
final class ReserveTest {
  /** Eight files of 1 KiB; full below 4 KiB or 4 inodes. */
  private static final Reserve.Lines LINES =
      new Reserve.Lines(8, 1024, 4096, 6144, 1024, 16, 100_000);

  @TempDir private Path folder;

  /** A disk of a given size, on which the reserve takes what it takes. */
  private final class SmallDisk implements Gauge {
    long bytes = 50_000;
    long files = 100_000;
    boolean readOnly;

    @Override
    public Room room() throws IOException {
      long held = 0;
      Path reserve = folder.resolve("reserve");
      if (Files.isDirectory(reserve)) {
        try (var found = Files.list(reserve)) {
          held = found.count();
        }
      }
      return new Room(bytes - held * 1024, files - held, readOnly);
    }
  }

  private final SmallDisk disk = new SmallDisk();

  private Reserve open() throws IOException {
    var reserve = Reserve.open(folder, disk, LINES, Disk.local());
    reserve.look(true);
    return reserve;
  }

  @Test
  void holdsSpaceAndInodesWhileThereIsRoom() throws Exception {
    try (var reserve = open()) {
      assertThat(disk.room()).isEqualTo(new Room(50_000 - 8192, 99_992, false));
      assertThatCode(() -> reserve.admit(Urgency.ORDINARY)).doesNotThrowAnyException();
    }
  }

  @Test
  void writesNothingOnceItIsClosed() throws Exception {
    var reserve = Reserve.open(folder, disk, LINES, Disk.local());
    reserve.close();
    reserve.look(true);
    assertThat(disk.room().files()).isEqualTo(100_000);
  }

  @Test
  void servesWhatMayUseItWhenTheDiskIsFullAndComesBackWithTheSpace() throws Exception {
    try (var reserve = open()) {
      disk.bytes = 8192 + 3000;
      reserve.look(true);
      assertThat(disk.room().bytes()).as("released").isEqualTo(11_192);
      assertThatThrownBy(() -> reserve.admit(Urgency.ORDINARY))
          .isInstanceOf(StoreFull.class)
          .hasMessageContaining("disk of the platform's data directory is full");
      assertThatCode(() -> reserve.admit(Urgency.RECORD)).doesNotThrowAnyException();
      assertThatCode(() -> reserve.admit(Urgency.VITAL)).doesNotThrowAnyException();
      assertThat(reserve.warning()).hasValueSatisfying(text -> assertThat(text).contains("full"));

      disk.bytes = 5000;
      reserve.look(true);
      assertThatThrownBy(() -> reserve.admit(Urgency.RECORD)).isInstanceOf(StoreFull.class);
      assertThatCode(() -> reserve.admit(Urgency.VITAL)).doesNotThrowAnyException();

      disk.bytes = 500;
      reserve.look(true);
      assertThat(reserve.state()).isEqualTo(Reserve.State.SPENT);
      assertThatThrownBy(() -> reserve.admit(Urgency.VITAL)).isInstanceOf(StoreFull.class);

      disk.bytes = 15_000;
      reserve.look(true);
      assertThat(reserve.state())
          .as("too little to hold it again")
          .isEqualTo(Reserve.State.RESERVED);
      disk.bytes = 17_000;
      reserve.look(true);
      assertThat(reserve.state()).isEqualTo(Reserve.State.OPEN);
      assertThat(disk.room().bytes()).as("held again").isEqualTo(17_000 - 8192);
    }
  }

  @Test
  void releasesInodesToo() throws Exception {
    try (var reserve = open()) {
      disk.files = 20;
      reserve.look(true);
      assertThat(reserve.state()).isEqualTo(Reserve.State.RESERVED);
      assertThat(disk.room().files()).isEqualTo(20);
    }
  }

  @Test
  void takesNothingWhileTheFileSystemIsReadOnlyAndKeepsTheReserve() throws Exception {
    try (var reserve = open()) {
      disk.readOnly = true;
      reserve.look(true);
      assertThatThrownBy(() -> reserve.admit(Urgency.VITAL)).hasMessageContaining("read-only");
      disk.readOnly = false;
      reserve.look(true);
      assertThat(reserve.state()).isEqualTo(Reserve.State.OPEN);
    }
  }

  @Test
  void isReleasedBeforeTheStateIsOpenedOnAFullDisk() throws Exception {
    open().close();
    disk.bytes = 8192 + 2000;
    try (var reserve = Reserve.open(folder, disk, LINES, Disk.local())) {
      assertThat(disk.room().bytes()).isEqualTo(10_192);
      assertThat(reserve.state()).isEqualTo(Reserve.State.RESERVED);
    }
  }

  @Test
  void warnsAheadOfTime() throws Exception {
    disk.bytes = 300_000;
    try (var reserve = open()) {
      assertThat(reserve.warning()).isEmpty();
      disk.bytes = 90_000;
      reserve.look(true);
      assertThat(reserve.warning())
          .hasValueSatisfying(text -> assertThat(text).contains("filling up"));
      disk.bytes = 300_000;
      disk.files = 1000;
      reserve.look(true);
      assertThat(reserve.warning()).hasValueSatisfying(text -> assertThat(text).contains("inodes"));
    }
  }

  @Test
  void measuresTheFileSystem() throws Exception {
    Room room = Gauge.of(folder).room();
    assertThat(room.bytes()).isPositive();
    assertThat(room.files()).isPositive();
    assertThat(room.readOnly()).isFalse();
    assertThat(Gauge.of(Path.of("/proc")).room().bytes()).isZero();
    assertThatThrownBy(() -> Gauge.of(folder.resolve("none"))).isInstanceOf(IOException.class);
  }
}
