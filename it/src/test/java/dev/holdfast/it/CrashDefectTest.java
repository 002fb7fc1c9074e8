// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The crash test sees a store that is not what it promises. */
class CrashDefectTest {
  private static void turnsRed(Path temp, int rounds, int writes, String defect, String verdict)
      throws Exception {
    var settings = new Storm.Settings(rounds, writes, 0, false, 1, List.of("defect=" + defect));
    var storm = new Storm(Storm.directory(temp), settings);

    assertThatThrownBy(storm::run).isInstanceOf(AssertionError.class).hasMessageContaining(verdict);
  }

  @Test
  void seesAStoreThatAcknowledgesBeforeItSyncs(@TempDir Path temp) throws Exception {
    turnsRed(temp, 4, 100, "early", "after a restart");
  }

  @Test
  void seesAStoreThatDropsOneRecordInTenThousand(@TempDir Path temp) throws Exception {
    turnsRed(temp, 1, 4_000, "drops", "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "trail-events",
        "iam-entities",
        "iam-access-keys",
        "kms-aliases",
        "ecr-tags",
        "ecs-tasks"
      })
  void seesAStoreThatForgetsOneIndexEntry(String table, @TempDir Path temp) throws Exception {
    turnsRed(temp, 1, 200, "forgets:" + table, "");
  }
}
