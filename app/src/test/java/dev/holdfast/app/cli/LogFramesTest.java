// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

final class LogFramesTest {
  @Test
  void writesWhatTasksWroteAndSaysTheRestBesideIt() throws IOException {
    var out = new ByteArrayOutputStream();
    var notes = new ByteArrayOutputStream();
    try (var frames = new Logs.Frames(out, new PrintStream(notes, true, UTF_8))) {
      frames.write("{\"text\":\"web | one\\n\"}\n{}\n{\"no".getBytes(UTF_8));
      frames.write(
          "te\":\"task 2 is elsewhere\\u001b[2J\"}\n{\"text\":\"\u00e4\"}\n".getBytes(UTF_8));
    }
    assertThat(out.toString(UTF_8)).isEqualTo("web | one\n\u00e4");
    assertThat(notes.toString(UTF_8))
        .startsWith("holdfast: task 2 is elsewhere")
        .doesNotContain("\u001b");
  }
}
