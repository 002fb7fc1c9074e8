// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import dev.holdfast.kit.Printable;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * A writer to a terminal, or to a file that somebody will show on one: passes lines and tabs, and
 * writes out whatever else would act, see {@link Printable}. A carriage return before a line feed,
 * as terminals in containers write it, is dropped.
 */
final class PrintableWriter extends FilterWriter {
  /** What may be the first half of a character, or -1. */
  private int high = -1;

  private boolean returned;

  PrintableWriter(Writer out) {
    super(out);
  }

  /** A stream of UTF-8 that is shown this way; what is no UTF-8 becomes U+FFFD. */
  static OutputStream over(OutputStream out) {
    return new Decoding(new PrintableWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8)));
  }

  @Override
  public void write(int c) throws IOException {
    take((char) c);
  }

  @Override
  public void write(char[] text, int from, int length) throws IOException {
    for (int i = from; i < from + length; i++) {
      take(text[i]);
    }
  }

  @Override
  public void write(String text, int from, int length) throws IOException {
    for (int i = from; i < from + length; i++) {
      take(text.charAt(i));
    }
  }

  private void take(char c) throws IOException {
    if (high >= 0) {
      char first = (char) high;
      high = -1;
      if (Character.isLowSurrogate(c)) {
        show(Character.toCodePoint(first, c));
        return;
      }
      show(first);
    }
    if (returned) {
      returned = false;
      if (c != '\n') {
        out.write(Printable.written('\r'));
      }
    }
    if (c == '\r') {
      returned = true;
    } else if (Character.isHighSurrogate(c)) {
      high = c;
    } else {
      show(c);
    }
  }

  private void show(int point) throws IOException {
    if (point == '\n' || point == '\t' || !Printable.acts(point)) {
      out.write(Character.toChars(point));
    } else {
      out.write(Printable.written(point));
    }
  }

  @Override
  public void close() throws IOException {
    if (high >= 0) {
      show(high);
      high = -1;
    }
    if (returned) {
      returned = false;
      out.write(Printable.written('\r'));
    }
    super.close();
  }

  /** Decodes what comes in pieces, which may cut a character. */
  private static final class Decoding extends OutputStream {
    private final CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private final ByteBuffer bytes = ByteBuffer.allocate(8192);
    private final CharBuffer chars = CharBuffer.allocate(8192);
    private final Writer to;

    Decoding(Writer to) {
      this.to = to;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] given, int from, int length) throws IOException {
      int done = 0;
      while (done < length) {
        int count = Math.min(bytes.remaining(), length - done);
        bytes.put(given, from + done, count);
        done += count;
        decode(false);
      }
    }

    private void decode(boolean end) throws IOException {
      bytes.flip();
      decoder.decode(bytes, chars, end);
      bytes.compact();
      if (end) {
        decoder.flush(chars);
      }
      chars.flip();
      to.write(chars.array(), 0, chars.limit());
      chars.clear();
    }

    @Override
    public void flush() throws IOException {
      to.flush();
    }

    @Override
    public void close() throws IOException {
      decode(true);
      to.close();
    }
  }
}
