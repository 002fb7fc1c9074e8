// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.app.Ashore;
import dev.holdfast.it.Wreckable.Inside;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole platform is killed again and again while 16 write to it. */
class CrashTest {
  private static final boolean LONG = "crash".equals(System.getenv("HOLDFAST_LONG"));
  private static final int ROUNDS = LONG ? Integer.getInteger("rounds", 500) : 12;
  private static final int OBJECTS = LONG ? 100_000 : 1_000;
  private static final Duration LONGEST = Duration.ofMinutes(Integer.getInteger("minutes", 600));
  private static final int LEAST_A_ROUND = 100;
  private static final long READY_MS = 3_000;

  /** Of the short form, which also slow machines run: one took 3.9 s where others take 1.3. */
  private static final long SHORT_READY_MS = 10_000;

  /** No start may take longer by the wall clock, whatever else the machine does. */
  private static final long SLOWEST_MS = 60_000;

  @Test
  void losesNothingItAcknowledgedAndKeepsNothingByHalves(@TempDir Path temp) throws Exception {
    var settings =
        new Storm.Settings(
            ROUNDS, LONGEST, LEAST_A_ROUND, OBJECTS, true, LONG ? 250 : 4, List.of());

    Path dir = Storm.directory(temp);
    StormReport report = new Storm(dir, settings).run();

    report.log("crash, %d objects before: ".formatted(OBJECTS));
    assertThat(Ashore.damages(dir)).as("what fsck finds").isEmpty();
    assertThat(report.least())
        .as("writes acknowledged a round")
        .isGreaterThanOrEqualTo(LEAST_A_ROUND);
    for (Inside inside : Inside.values()) {
      assertThat(report.cutOff(inside)).as("kills inside " + inside).isPositive();
    }
    assertThat(report.cutOff(Inside.COMMIT)).isGreaterThan(2 * report.rounds());
    assertThat(report.kept(Inside.COMMIT)).as("kills between commit and answer").isPositive();
    assertThat(report.lost(Inside.COMMIT)).as("kills before the commit").isPositive();
    assertThat(report.halfUploads()).as("uploads cut off half way").isPositive();
    // What a machine that is busy with other things cannot add to.
    assertThat(report.mostCpu())
        .as("processor time of each start, in ms")
        .isLessThan(LONG ? READY_MS : SHORT_READY_MS);
    assertThat(report.slowest()).as("each start until it serves, in ms").isLessThan(SLOWEST_MS);
    if (LONG) {
      assertThat(report.median()).as("ready again, in ms").isLessThan(READY_MS);
    }
  }
}
