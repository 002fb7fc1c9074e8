// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.fuzz.Edit;
import dev.holdfast.kit.fuzz.Fuzz;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CutFuzzTest {
  private static final Path FILE = Path.of("cut");
  private static final byte[] KEY =
      "a key of the installation's ring".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  private static final Cut CUT =
      new Cut(
          "20261125T213000123Z-1a2b3c",
          Instant.EPOCH,
          "0.1.0",
          "0123456789ab",
          "DEV",
          7,
          List.of(new Piece("state/CURRENT", 16, "0".repeat(64))));
  private static final byte[] WRITTEN = CutFile.write(CUT, KEY);

  @Test
  void aCutIsReadOrDamaged() {
    Fuzz.run(CutFuzzTest.class, "cut", CutFuzzTest::read);
  }

  static String read(byte[] input) {
    try {
      Cut cut = CutFile.parse(FILE, input).unproved();
      assertThat(cut.pieces())
          .allSatisfy(
              piece -> assertThat(List.of(piece.name().split("/", -1))).doesNotContain("..", "."));
      assertThat(cut.pieces()).allMatch(piece -> !piece.name().startsWith("/"));
      Cut again = CutFile.parse(FILE, CutFile.write(cut, KEY)).proved(KEY);
      assertThat(again).isEqualTo(cut);
      return "read " + Math.min(4, cut.pieces().size());
    } catch (DamagedBackup e) {
      return "damaged " + String.valueOf(e.getMessage()).length() % 16;
    }
  }

  @Test
  void noChangedCutIsProved() {
    Fuzz.run(CutFuzzTest.class, "edit", CutFuzzTest::proved);
  }

  static String proved(byte[] input) {
    byte[] changed = Edit.of(WRITTEN, input);
    boolean same = Arrays.equals(changed, WRITTEN);
    try {
      assertThat(CutFile.parse(FILE, changed).proved(KEY)).isEqualTo(CUT);
      assertThat(same).isTrue();
      return "proved";
    } catch (DamagedBackup _) {
      assertThat(same).isFalse();
      return "damaged";
    }
  }
}
