// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.fuzz.Fuzz;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineFuzzTest {
  @Test
  void whatTheEngineSaysIsUnderstoodOrRefused() {
    Fuzz.run(EngineFuzzTest.class, "engine", EngineFuzzTest::engine);
  }

  static String engine(byte[] input) {
    return container(input) + lines(input) + logs(input);
  }

  private static String container(byte[] input) {
    JsonObject json;
    try {
      json = DockerEngine.answer(input);
    } catch (EngineException _) {
      return "no json";
    }
    try {
      Container container = Container.of(json);
      assertThat(container.running() && container.ended()).isFalse();
      assertThat(container.labels().keySet())
          .isSubsetOf(json.object("Config").object("Labels").members().keySet());
      assertThat(Container.of(Json.parseObject(Json.bytes(json)))).isEqualTo(container);
      return "container " + container.bindings().size();
    } catch (EngineException _) {
      return "no container";
    }
  }

  /** Lines as splitting at each line feed finds them. */
  private static String lines(byte[] input) {
    var found = new ArrayList<JsonObject>();
    boolean refused = false;
    try (var lines = new JsonLines(new ByteArrayInputStream(input), () -> {})) {
      for (JsonObject line = lines.next(); line != null; line = lines.next()) {
        found.add(line);
      }
    } catch (IOException _) {
      refused = true;
    }
    var plain = new ArrayList<JsonObject>();
    for (String line : new String(input, StandardCharsets.ISO_8859_1).split("\n", -1)) {
      String text =
          new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8).strip();
      if (plain.size() == found.size() && refused) {
        break;
      }
      if (!text.isEmpty()) {
        plain.add(Json.parseObject(text));
      }
    }
    assertThat(found).isEqualTo(plain);
    return " lines " + Math.min(4, found.size()) + refused;
  }

  /** Pieces: what is framed comes out as it is, and no more than came in. */
  private static String logs(byte[] input) {
    var pieces = new ArrayList<ContainerLogs.Piece>();
    boolean refused = false;
    try (var logs = new ContainerLogs(new ByteArrayInputStream(input), false, () -> {})) {
      for (var piece = logs.next(); piece != null; piece = logs.next()) {
        pieces.add(piece);
      }
    } catch (IOException _) {
      refused = true;
    }
    int at = 0;
    for (ContainerLogs.Piece piece : pieces) {
      assertThat(piece.error()).isEqualTo(input[at] == 2);
      int length = ByteBuffer.wrap(input, at + 4, 4).getInt();
      assertThat(piece.text()).isEqualTo(new String(input, at + 8, length, StandardCharsets.UTF_8));
      at += 8 + length;
    }
    assertThat(at).isLessThanOrEqualTo(input.length);
    return " pieces " + Math.min(4, pieces.size()) + refused;
  }

  @Test
  void countsEachPieceOnce() throws IOException {
    byte[] framed = {1, 0, 0, 0, 0, 0, 0, 2, 'o', 'k', 2, 0, 0, 0, 0, 0, 0, 1, 'x'};
    var texts = new ArrayList<String>();
    try (var logs = new ContainerLogs(new ByteArrayInputStream(framed), false, () -> {})) {
      for (var piece = logs.next(); piece != null; piece = logs.next()) {
        texts.add(piece.error() + " " + piece.text());
      }
    }
    assertThat(texts).isEqualTo(List.of("false ok", "true x"));
  }
}
