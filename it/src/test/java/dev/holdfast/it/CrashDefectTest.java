// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The crash test sees a store that is not what it promises. A store that writes and does not sync
 * loses nothing to {@code kill -9}, since the kernel has what was written: that defect is seen
 * where syncs are counted and logs are cut, in the store's {@code DurabilityTest} and {@code
 * LogPowerCutTest}.
 */
class CrashDefectTest {
  private static Storm storm(Path temp, int rounds, int writes, String... words) throws Exception {
    return new Storm(
        Storm.directory(temp),
        new Storm.Settings(rounds, Duration.ofMinutes(5), writes, 0, false, 1, List.of(words)));
  }

  /**
   * What a record that is lost may show, whichever it is; a machine that is too slow shows none.
   */
  private static final String ANY =
      "after a restart of |that their index does not find|audit records `|the alias of the managed key"
          + "|a writer saw |does not match|is missing|was written, and ";

  /**
   * Expects that a storm finds its store's defect.
   *
   * @param verdict a regular expression of what it says
   */
  private static void turnsRed(Storm storm, String verdict) {
    AssertionError error = catchThrowableOfType(AssertionError.class, storm::run);
    assertThat(error).as("what the crash test says").isNotNull();
    assertThat(String.valueOf(error.getMessage())).containsPattern(verdict);
    String text = String.valueOf(error.getMessage()).replace('\n', ' ').strip();
    System.getLogger("crash-test").log(System.Logger.Level.INFO, "seen: {0}", text);
  }

  @Test
  void isContentWithAStoreWithoutADefect(@TempDir Path temp) throws Exception {
    assertThat(storm(temp, 1, 200).run().least()).isGreaterThanOrEqualTo(200);
  }

  @Test
  void seesAStoreThatAcknowledgesBeforeItWrites(@TempDir Path temp) throws Exception {
    turnsRed(storm(temp, 4, 100, "defect=early"), "after a restart of ");
  }

  @Test
  void seesAStoreThatDropsOneRecordInTenThousand(@TempDir Path temp) throws Exception {
    turnsRed(storm(temp, 1, 4_000, "defect=drops"), ANY);
  }

  /** A table of each kind, and what a lost entry of its index shows; the short form takes one. */
  static Stream<Arguments> tables() {
    return Stream.of(
            arguments("iam-access-keys", "after a restart of access key"),
            arguments("trail-events", "that their index does not find"),
            arguments("iam-entities", "after a restart of user"),
            arguments("kms-aliases", "the alias of the managed key|after a restart of alias"),
            arguments("ecr-tags", "after a restart of image"),
            arguments("ecs-tasks", "the platform does not tell its agent"))
        .limit("crash".equals(System.getenv("HOLDFAST_LONG")) ? Long.MAX_VALUE : 1);
  }

  @ParameterizedTest
  @MethodSource("tables")
  void seesAStoreThatForgetsOneIndexEntry(String table, String verdict, @TempDir Path temp)
      throws Exception {
    turnsRed(storm(temp, 1, 200, "defect=forgets:" + table), verdict);
  }
}
