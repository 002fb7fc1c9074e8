// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.fuzz.Fuzz;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FilterPatternFuzzTest {
  @Test
  void patternsNeverBreak() {
    Fuzz.run(FilterPatternFuzzTest.class, "pattern", FilterPatternFuzzTest::pattern);
  }

  static String pattern(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    int bar = text.indexOf('\n');
    String written = bar < 0 ? text : text.substring(0, bar);
    String message = bar < 0 ? "" : text.substring(bar + 1);
    if (written.length() > 1024) {
      return "long";
    }
    FilterPattern read;
    try {
      read = FilterPattern.parse(written);
    } catch (FilterPattern.Invalid e) {
      return String.valueOf(e.getMessage()).substring(0, 10);
    }
    boolean once = read.matches(message);
    assertThat(read.matches(message)).isEqualTo(once);
    assertThat(FilterPattern.parse(" " + written + " ").matches(message)).isEqualTo(once);
    return read.getClass().getSimpleName() + once;
  }
}
