// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.store.Entry;
import dev.holdfast.store.Key;
import dev.holdfast.store.KeyRange;
import dev.holdfast.store.Revision;
import dev.holdfast.store.Snapshot;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process killed in the middle of its commits loses nothing that it acknowledged. */
final class CrashTest {
  private static final int KILLS = "crash".equals(System.getenv("HOLDFAST_LONG")) ? 40 : 5;

  @TempDir private Path folder;

  @Test
  void losesNoAcknowledgedCommitWhenKilled() throws Exception {
    var random = new SplittableRandom(11);
    var acknowledged = new ArrayList<String>();
    int unanswered = 0;
    for (int round = 0; round < KILLS; round++) {
      acknowledged.addAll(runAndKill(round, random.nextInt(1_000, 3_000)));
      try (var store = RocksStore.open(folder);
          Snapshot snapshot = store.read()) {
        check(snapshot, acknowledged);
        unanswered = (int) snapshot.revision().number() - acknowledged.size();
      }
    }
    assertThat(acknowledged).hasSizeGreaterThan(1_000 * KILLS);
    assertThat(unanswered).as("commits that a kill cut off from their answer").isGreaterThan(KILLS);
  }

  private List<String> runAndKill(int round, int after) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CrashWriter.class.getName(),
                folder.toString(),
                "" + round)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var lines = new ArrayList<String>();
    try (BufferedReader reader = process.inputReader()) {
      String line = reader.readLine();
      while (line != null) {
        lines.add(line);
        if (lines.size() == after) {
          // Through its handle, which leaves the stream open: the rest of it counts.
          process.toHandle().destroyForcibly();
        }
        line = reader.readLine();
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    // The last line may be cut: a commit that was acknowledged, but not in full words.
    lines.removeLast();
    return lines;
  }

  private static void check(Snapshot snapshot, List<String> acknowledged) {
    for (String line : acknowledged) {
      String[] words = line.split(" ", -1);
      String name = words[0] + " " + words[1];
      int number = Integer.parseInt(words[2]);
      for (Key key : List.of(CrashWriter.left(name, number), CrashWriter.right(name, number))) {
        Entry entry = Objects.requireNonNull(snapshot.get(key), line);
        assertThat(entry.modRevision()).isEqualTo(new Revision(Long.parseLong(words[3])));
        assertThat(entry.value()).isEqualTo(CrashWriter.value(number));
      }
    }
    List<Entry> left = snapshot.list(KeyRange.prefix(Key.of("left")), Integer.MAX_VALUE);
    List<Entry> right = snapshot.list(KeyRange.prefix(Key.of("right")), Integer.MAX_VALUE);
    assertThat(left).as("each commit is whole").hasSameSizeAs(right);
    assertThat(snapshot.revision())
        .as("no commit is missing in between")
        .isEqualTo(new Revision(left.size()));
  }
}
