// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.iam.plan.StatementPlaces.Place;
import dev.holdfast.iam.plan.StatementPlaces.Position;
import java.util.Collections;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class StatementPlacesTest {
  private static Place place(int line, int column, int endLine, int endColumn) {
    return new Place(new Position(line, column), new Position(endLine, endColumn));
  }

  /** The example of AWS's command reference: 3:19 to 9:10. */
  @Test
  void countsAsAws() {
    String document =
        """
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "One",
                    "Effect": "Allow",
                    "Action": "codecommit:ListRepositories",
                    "Resource": "*"
                }
            ]
        }
        """;
    assertThat(StatementPlaces.of(document)).containsExactly(place(3, 19, 9, 10));
  }

  @Test
  void findsASingleStatementAndSeveral() {
    assertThat(StatementPlaces.of("{\"Statement\":{\"Effect\":\"Deny\"},\"Version\":\"x\"}"))
        .containsExactly(place(1, 14, 1, 31));
    assertThat(
            StatementPlaces.of("{\"Version\":\"x\",\n\"Statement\":[{\"a\":[1]},\n {\"b\":{}}]}"))
        .containsExactly(place(2, 14, 2, 23), place(2, 24, 3, 10));
  }

  @Test
  void isNotMisledByTexts() {
    assertThat(
            StatementPlaces.of(
                "{\"Id\":\"Statement\",\"Statement\":[{\"Sid\":\"}]\\\"{\"},{\"Sid\":\"[\"}]}"))
        .containsExactly(place(1, 32, 1, 47), place(1, 48, 1, 59));
  }

  @Test
  void knowsTheNameHoweverItIsWritten() {
    assertThat(StatementPlaces.of("{\"\\u0053tatement\":[{\"Effect\":\"Deny\"}]}"))
        .containsExactly(place(1, 20, 1, 37));
    assertThat(StatementPlaces.of("{\"Id\":\"Statement\",\"Version\":\"x\",\"Statement\":{}}"))
        .containsExactly(place(1, 45, 1, 47));
  }

  /** A text that counts how often one of its characters is looked at. */
  private record Counted(String text, AtomicLong looks) implements CharSequence {
    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      looks.incrementAndGet();
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int from, int to) {
      return text.subSequence(from, to);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  @Test
  void readsADocumentOnceHoweverManyStatementsItHas() {
    String statement = "{\"Effect\":\"Allow\",\n\"Action\":\"ecs:*\",\n\"Resource\":\"*\"}";
    String document =
        "{\"Statement\":[" + String.join(",\n", Collections.nCopies(2_000, statement)) + "]}";
    var looks = new AtomicLong();
    var places = StatementPlaces.of(new Counted(document, looks));
    assertThat(places).hasSize(2_000);
    assertThat(places.getLast()).isEqualTo(place(5_997, 17, 6_000, 16));
    assertThat(looks.get()).isLessThan(8L * document.length());
  }
}
