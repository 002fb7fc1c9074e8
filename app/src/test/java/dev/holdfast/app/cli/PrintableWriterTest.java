// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.Printable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PrintableWriterTest {
  private static final String HOSTILE =
      "\u001b[2J\u001b]0;pwned\u0007ok\r\nfine\rover\u202eevil\u009b1m <script> \u2028 😀 ж\t.\n";
  private static final String SHOWN =
      "\\e[2J\\e]0;pwned\\x07ok\nfine\\rover\\u{202e}evil\\x9b1m <script> \\u{2028} 😀 ж\t.\n";

  private static String stream(byte[] bytes, int piece) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var shown = PrintableWriter.over(out)) {
      for (int i = 0; i < bytes.length; i += piece) {
        shown.write(bytes, i, Math.min(piece, bytes.length - i));
        shown.flush();
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void writesOutWhatActsWhereverThePiecesAreCut() throws IOException {
    byte[] bytes = HOSTILE.getBytes(StandardCharsets.UTF_8);
    for (int piece = 1; piece <= bytes.length; piece++) {
      assertThat(stream(bytes, piece)).as("pieces of %d", piece).isEqualTo(SHOWN);
    }
  }

  @Test
  void anyBytesComeOutHarmless() throws IOException {
    var random = new Random(4);
    for (int round = 0; round < 200; round++) {
      byte[] bytes = new byte[random.nextInt(20_000)];
      random.nextBytes(bytes);
      String shown = stream(bytes, 1 + random.nextInt(9_000));
      assertThat(shown.codePoints().anyMatch(c -> c != '\n' && c != '\t' && Printable.acts(c)))
          .isFalse();
    }
  }

  @Test
  void takesTextAsItTakesBytes() throws IOException {
    var out = new StringWriter();
    try (var shown = new PrintableWriter(out)) {
      shown.write(HOSTILE);
      shown.write(HOSTILE.toCharArray());
      HOSTILE.chars().forEach(c -> write(shown, c));
      shown.write("half \ud83d");
    }
    assertThat(out.toString()).isEqualTo(SHOWN + SHOWN + SHOWN + "half \\u{d83d}");
  }

  private static void write(PrintableWriter to, int c) {
    try {
      to.write(c);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
