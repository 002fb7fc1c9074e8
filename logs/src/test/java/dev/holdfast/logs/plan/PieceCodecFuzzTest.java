// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.fuzz.Fuzz;
import dev.holdfast.logs.model.LogEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

class PieceCodecFuzzTest {
  @Test
  void damageIsNeverMistakenForEvents() {
    Fuzz.run(PieceCodecFuzzTest.class, "piece", PieceCodecFuzzTest::piece);
  }

  static String piece(byte[] input) {
    try {
      List<LogEvent> events = PieceCodec.read(input, 7, 3);
      assertThat(events).hasSize(3);
      return "read";
    } catch (PieceCodec.Damaged e) {
      return String.valueOf(e.getMessage()).substring(0, 12);
    }
  }
}
