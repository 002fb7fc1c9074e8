// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.app.cli.CliFailure;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A proposal that IAM would refuse halfway is refused before its first step. */
class RoomTest {
  private static final String ARN = "arn:aws:iam::1:policy/p";

  private static JsonObject inline(String name, int now, int proposed) {
    return JsonObject.EMPTY
        .with("name", name)
        .with("changed", proposed != now)
        .with("now", "x".repeat(now))
        .with("proposed", "x".repeat(proposed));
  }

  private static JsonObject managed(boolean alone, long versions, int proposed) {
    return JsonObject.EMPTY
        .with("name", "p")
        .with("arn", ARN)
        .with("alone", alone)
        .with("changed", true)
        .with("versions", versions)
        .with("now", "x")
        .with("proposed", "x".repeat(proposed));
  }

  @Test
  void inlinePoliciesFitTogether() {
    var full = List.of(inline("a", 5_000, 5_000), managed(false, 1, 5_240));
    assertThat(Room.of(full).inPlaceOf(ARN)).isEqualTo("p-least");
    assertThatThrownBy(() -> Room.of(List.of(inline("a", 5_000, 5_000), managed(false, 1, 5_241))))
        .isInstanceOf(CliFailure.class)
        .hasMessageContaining("nothing is changed")
        .hasMessageContaining("10241 characters, of 10240");
  }

  @Test
  void eachStepFitsAndNotTheOutcomeAlone() {
    assertThatThrownBy(() -> Room.of(List.of(inline("a", 2_000, 6_000), inline("b", 5_000, 1_000))))
        .hasMessageContaining("11000 characters");
    var otherwise = List.of(inline("b", 5_000, 1_000), inline("a", 2_000, 6_000));
    assertThat(Room.of(otherwise).inPlaceOf(ARN)).isNull();
  }

  @Test
  void aVersionFits() {
    assertThat(Room.of(List.of(managed(true, 4, 6_144))).inPlaceOf(ARN)).isNull();
    assertThatThrownBy(() -> Room.of(List.of(managed(true, 4, 6_145))))
        .hasMessageContaining("6145 characters, of 6144");
    assertThatThrownBy(() -> Room.of(List.of(managed(true, 5, 10))))
        .hasMessageContaining("has five versions");
  }

  @Test
  void aNameThatIsTakenIsNotTakenAgain() {
    var taken = List.of(inline("p-least", 10, 10), managed(false, 1, 10));
    assertThat(Room.of(taken).inPlaceOf(ARN)).isEqualTo("p-least-2");
  }
}
