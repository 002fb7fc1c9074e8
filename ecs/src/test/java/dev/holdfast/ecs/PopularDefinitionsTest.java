// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.JsonCodec;
import dev.holdfast.aws.ecs.DescribeTaskDefinitionResponse;
import dev.holdfast.ecs.model.TaskSpec;
import dev.holdfast.ecs.plan.HostNeeds;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonNumber;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import dev.holdfast.service.Profile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Definitions as the documentation of popular applications sets them up: each is registered and
 * shown again with all that it said, or refused with the reason that the documentation lists.
 */
final class PopularDefinitionsTest {
  private static final Path PAGE = Path.of("../docs/ecs.md");

  private static Stream<JsonObject> all() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            PopularDefinitionsTest.class.getResourceAsStream("/popular-definitions.json"))) {
      return ((JsonArray)
              Json.parse(new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)))
          .items().stream().map(JsonObject.class::cast);
    }
  }

  @TestFactory
  Stream<DynamicTest> registersOrRefusesWithItsReason() throws IOException {
    return all()
        .map(
            entry ->
                DynamicTest.dynamicTest(String.valueOf(entry.string("name")), () -> tried(entry)));
  }

  private static void tried(JsonObject entry) {
    var f = new Fixture(Profile.DEV);
    JsonObject definition = entry.object("definition");
    String reason = entry.string("refused");
    if (reason != null) {
      assertThatThrownBy(() -> Scenes.register(f, Json.text(definition)))
          .isInstanceOf(ApiError.class)
          .hasMessageContaining(reason);
      return;
    }
    Scenes.register(f, Json.text(definition));
    JsonObject shown =
        (JsonObject)
            Json.parse(
                new String(
                    JsonCodec.bytes(
                        Objects.requireNonNull(
                            f.call(
                                    "DescribeTaskDefinition",
                                    "{\"taskDefinition\":\"" + definition.string("family") + "\"}",
                                    DescribeTaskDefinitionResponse.class)
                                .taskDefinition())),
                    java.nio.charset.StandardCharsets.UTF_8));
    holds(shown, definition, "");
    assertThat(
            HostNeeds.of(TaskSpec.of(definition)).stream()
                .filter(n -> !n.equals("sharedNamespaces")))
        .containsExactlyInAnyOrderElementsOf(
            entry.array("needs").stream().map(n -> ((JsonString) n).text()).toList());
  }

  /**
   * Whether all that was said is shown, at its place; a host port that the mode fixes may change.
   */
  private static void holds(JsonValue shown, JsonValue said, String path) {
    switch (said) {
      case JsonObject object ->
          object
              .members()
              .forEach(
                  (name, value) -> {
                    assertThat(shown).as(path).isInstanceOf(JsonObject.class);
                    JsonValue there = ((JsonObject) shown).get(name);
                    assertThat(there).as(path + "." + name).isNotNull();
                    holds(Objects.requireNonNull(there), value, path + "." + name);
                  });
      case JsonArray(var items) -> {
        var theirs = ((JsonArray) shown).items();
        assertThat(theirs).as(path).hasSameSizeAs(items);
        for (int i = 0; i < items.size(); i++) {
          holds(theirs.get(i), items.get(i), path + "[" + i + "]");
        }
      }
      case JsonNumber number ->
          assertThat(((JsonNumber) shown).asDouble()).as(path).isEqualTo(number.asDouble());
      default -> assertThat(shown).as(path).isEqualTo(said);
    }
  }

  @Test
  void listsWhatIsRefusedAndWhatAHostMustAllow() throws IOException {
    String page = Files.readString(PAGE);
    all()
        .filter(e -> e.string("refused") != null || !e.array("needs").isEmpty())
        .forEach(e -> assertThat(page).contains("| `" + e.string("name") + "` |"));
    assertThat(all().count()).isGreaterThanOrEqualTo(40);
  }
}
