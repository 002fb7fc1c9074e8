// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.fuzz.Fuzz;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FrameFuzzTest {
  @Test
  void framesAreReadOrRefusedAndWrittenBack() {
    Fuzz.run(FrameFuzzTest.class, "frame", FrameFuzzTest::frame);
  }

  static String frame(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    String kind = command(text);
    TelemetryFrame frame;
    try {
      frame = TelemetryFrame.parse(text);
    } catch (IllegalArgumentException _) {
      return kind + " no telemetry";
    }
    assertThat(TelemetryFrame.parse(frame.text())).isEqualTo(frame);
    assertThat(frame.headers()).hasSizeLessThanOrEqualTo(33);
    return kind + " " + frame.headers().size() + command(frame.body());
  }

  private static String command(String text) {
    AgentMessage message;
    try {
      message = AgentFrame.read(text);
    } catch (Json.MalformedJson _) {
      return "refused";
    }
    if (message == null) {
      return "unknown";
    }
    String written = AgentFrame.text(message);
    assertThat(AgentFrame.read(written)).isEqualTo(message);
    assertThat(AgentFrame.text(message)).isEqualTo(written);
    return message.type();
  }
}
