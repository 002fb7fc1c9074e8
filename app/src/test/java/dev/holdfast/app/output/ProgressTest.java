// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where output is read on from, and what of it was shown before. */
final class ProgressTest {
  private final Progress progress = new Progress(5);

  private static Part.Piece piece(String container, long at, String text) {
    return new Part.Piece(container, at, text);
  }

  /** Shows what is new of a reading. */
  private List<String> read(Part.Piece... pieces) {
    var texts = new ArrayList<String>();
    Arrays.stream(pieces)
        .filter(progress::isNew)
        .forEach(
            piece -> {
              texts.add(piece.text());
              progress.shown(piece);
            });
    return texts;
  }

  @Test
  void linesOfOneMillisecondAreNeitherSkippedNorShownTwice() {
    assertThat(progress.readOn(1)).isEqualTo(5);
    assertThat(read(piece("app", 7, "a"), piece("app", 8, "b"))).containsExactly("a", "b");
    assertThat(progress.readOn(1)).isEqualTo(8);
    assertThat(read(piece("app", 8, "b"), piece("app", 8, "c"), piece("app", 9, "d")))
        .containsExactly("c", "d");
    assertThat(progress.readOn(1)).isEqualTo(9);
    assertThat(read(piece("app", 9, "d"))).isEmpty();
  }

  @Test
  void aContainerThatIsBehindIsReadOnFromItsOwnPlace() {
    progress.readOn(2);
    assertThat(read(piece("fast", 20, "f1"), piece("slow", 10, "s1"), piece("slow", 11, "s2")))
        .containsExactly("f1", "s1", "s2");
    assertThat(progress.readOn(2)).isEqualTo(11);
    assertThat(
            read(
                piece("slow", 11, "s2"),
                piece("slow", 12, "s3"),
                piece("fast", 19, "old"),
                piece("fast", 20, "f1"),
                piece("fast", 20, "f2")))
        .containsExactly("s3", "f2");
    assertThat(progress.readOn("slow")).isEqualTo(12);
    assertThat(progress.readOn("fast")).isEqualTo(20);
    assertThat(progress.readOn("another")).isEqualTo(5);
    assertThat(progress.readOn(3)).as("one said nothing yet").isEqualTo(5);
  }

  @Test
  void whatHasNoTimeIsShown() {
    assertThat(read(piece("app", 0, "a"))).containsExactly("a");
    progress.readOn(1);
    assertThat(read(piece("app", 0, "a"))).containsExactly("a");
  }
}
