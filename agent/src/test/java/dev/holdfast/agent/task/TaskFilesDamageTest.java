// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No bit that flips in a task's file makes another task of it. */
class TaskFilesDamageTest {
  @TempDir private Path folder;

  private static TaskFiles.Entry entry() {
    return new TaskFiles.Entry(
        TaskMachineTest.task("{\"name\":\"web\",\"image\":\"busybox\"}"),
        "instance",
        false,
        Map.of(),
        false,
        TaskState.fresh(List.of("web")));
  }

  private Path only() throws IOException {
    try (var files = Files.list(folder)) {
      return files.findFirst().orElseThrow();
    }
  }

  @Test
  void readsNoFileInWhichABitFlipped() throws IOException {
    var files = new TaskFiles(folder);
    files.save(entry());
    List<TaskFiles.Entry> whole = files.load();
    assertThat(whole).hasSize(1);
    Path file = only();
    byte[] bytes = Files.readAllBytes(file);
    for (int bit = 0; bit < 8 * bytes.length; bit += 5) {
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file, flipped);
      assertThat(files.load()).as("bit " + bit).isEmpty();
    }
    assertThat(TaskFiles.damaged(folder)).containsExactly(file);
    for (int length = 0; length < bytes.length; length += 3) {
      Files.write(file, Arrays.copyOf(bytes, length));
      assertThat(files.load()).as("cut to " + length).isIn(List.of(), whole);
    }
    Files.write(file, bytes);
    assertThat(files.load()).isEqualTo(whole);
    assertThat(TaskFiles.damaged(folder)).isEmpty();
  }

  @Test
  void readsWhatAnEarlierReleaseWrote() throws IOException {
    var files = new TaskFiles(folder);
    files.save(entry());
    List<TaskFiles.Entry> whole = files.load();
    String text = Files.readString(only());
    Files.writeString(only(), text.substring(0, text.indexOf("\n#sha256:")));
    assertThat(files.load()).isEqualTo(whole);
  }
}
