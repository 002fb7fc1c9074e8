// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A sync that fails once is the last thing that such a disk says yes or no to. */
class FailStopDiskTest {
  private static final byte[] CONTENT = {1, 2, 3};

  @TempDir private Path folder;

  private final FailingDisk kernel = new FailingDisk();
  private final FailStopDisk disk = new FailStopDisk(kernel);
  private final List<DiskBroken> told = new ArrayList<>();

  private Path file() {
    return folder.resolve("file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"file.new", "folder"})
  void takesNothingMoreAfterASyncThatFailedOnce(String which) throws IOException {
    disk.onFailure(told::add);
    disk.replace(file(), CONTENT);
    DiskFile open = disk.open(file());
    kernel.failNext(path -> which.equals("folder") ? path.equals(folder) : path.endsWith(which));
    assertThatThrownBy(() -> disk.replace(file(), CONTENT))
        .isInstanceOf(DiskBroken.class)
        .hasMessageContaining(which.equals("folder") ? folder.toString() : which)
        .hasMessageContaining("Input/output error");
    assertThat(kernel.isToFail()).isFalse();
    for (Refused refused :
        List.<Refused>of(
            () -> disk.syncDirectory(folder),
            () -> disk.replace(file(), CONTENT),
            () -> disk.create(folder.resolve("other")),
            () -> disk.open(file()),
            () -> disk.move(file(), folder.resolve("other")),
            () -> disk.makeDirectory(folder.resolve("other")),
            () -> disk.deleteDurably(file()),
            () -> open.write(ByteBuffer.wrap(CONTENT), 0),
            open::sync)) {
      assertThatThrownBy(refused::run).isInstanceOf(DiskBroken.class);
    }
    open.close();
    assertThat(told).as("told once").hasSize(1);
    disk.onFailure(told::add);
    assertThat(told).as("who comes late is told at once").hasSize(2);
  }

  private interface Refused {
    void run() throws IOException;
  }

  @Test
  void aFolderThatCannotBeOpenedIsNoSyncThatFailed() throws IOException {
    disk.onFailure(told::add);
    assertThatThrownBy(() -> disk.syncDirectory(folder.resolve("none")))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(told).isEmpty();
    disk.replace(file(), CONTENT);
  }

  @Test
  void readsGoOnAndNamesCanBeTakenAway() throws IOException {
    disk.replace(file(), CONTENT);
    kernel.failNext(folder::equals);
    assertThatThrownBy(() -> disk.syncDirectory(folder)).isInstanceOf(DiskBroken.class);
    disk.read(file()).close();
    disk.delete(file());
    assertThat(file()).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"No space left on device", "Disk quota exceeded", "Read-only file system"})
  void goesOnWhereTheOperatorMendsIt(String words) throws IOException {
    disk.onFailure(told::add);
    kernel.failNext(path -> path.endsWith("file.new"), words);
    assertThatThrownBy(() -> disk.replace(file(), CONTENT))
        .isNotInstanceOf(DiskBroken.class)
        .hasMessage(words);
    disk.replace(file(), CONTENT);
    assertThat(Files.readAllBytes(file())).isEqualTo(CONTENT);
    assertThat(told).isEmpty();
  }

  /** The double tells one apart that goes on after a failed sync. */
  @Test
  void whoGoesOnAfterAFailedSyncIsFoundOut() throws IOException {
    assertThat(PowerCut.fails(tried(false), 500, 1, FailStopDiskTest::check)).isTrue();
    assertThat(PowerCut.fails(tried(true), 500, 1, FailStopDiskTest::check)).isFalse();
  }

  private Tape tried(boolean failStop) throws IOException {
    Path root = Files.createDirectory(folder.resolve("root" + failStop));
    var recorded = new RecordingDisk(root);
    Disk tried = failStop ? new FailStopDisk(recorded) : recorded;
    recorded.failSyncAfter(1);
    for (int attempt = 0; attempt < 2; attempt++) {
      try {
        if (attempt == 0) {
          tried.replace(root.resolve("file"), CONTENT);
        } else {
          tried.syncDirectory(root);
        }
        recorded.promise("there");
      } catch (IOException _) {
        // tried once more
      }
    }
    return recorded.tape();
  }

  private static void check(Path root, Disk disk, List<Object> promised) {
    if (!promised.isEmpty()) {
      assertThat(root.resolve("file")).exists();
    }
  }
}
