// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan;

import io.nayuki.qrcodegen.QrCode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * A text as a picture that a phone reads: a QR code in black and white.
 *
 * @see <a href="https://www.w3.org/TR/png-3/">Portable Network Graphics</a>
 */
public final class QrPng {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

  /** How wide and high a module is, in pixels: one byte a row at one bit a pixel. */
  private static final int SCALE = Byte.SIZE;

  /** The white border that readers need, in modules. */
  private static final int BORDER = 4;

  private QrPng() {}

  /** The picture of a text. */
  public static byte[] of(String text) {
    QrCode code = QrCode.encodeText(text, QrCode.Ecc.MEDIUM);
    int modules = code.size + 2 * BORDER;
    var out = new ByteArrayOutputStream();
    out.writeBytes(SIGNATURE);
    int pixels = modules * SCALE;
    chunk(
        out,
        "IHDR",
        ByteBuffer.allocate(13)
            .putInt(pixels)
            .putInt(pixels)
            .put(new byte[] {1, 0, 0, 0, 0}) // a bit a pixel, grey, deflated, not interlaced
            .array());
    chunk(out, "IDAT", deflated(rows(code, modules)));
    chunk(out, "IEND", new byte[0]);
    return out.toByteArray();
  }

  /** The rows of pixels, each behind a zero: no filter. */
  private static byte[] rows(QrCode code, int modules) {
    ByteBuffer rows = ByteBuffer.allocate((modules + 1) * modules * SCALE);
    for (int y = 0; y < modules; y++) {
      byte[] row = new byte[modules + 1];
      for (int x = 0; x < modules; x++) {
        row[x + 1] = (byte) (code.getModule(x - BORDER, y - BORDER) ? 0 : 0xff);
      }
      for (int i = 0; i < SCALE; i++) {
        rows.put(row);
      }
    }
    return rows.array();
  }

  private static byte[] deflated(byte[] bytes) {
    var out = new ByteArrayOutputStream();
    try (var deflater = new Deflater()) {
      deflater.setInput(bytes);
      deflater.finish();
      byte[] buffer = new byte[4096];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
    }
    return out.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream out, String kind, byte[] data) {
    byte[] name = kind.getBytes(StandardCharsets.US_ASCII);
    var sum = new CRC32();
    sum.update(name);
    sum.update(data);
    out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(data.length).array());
    out.writeBytes(name);
    out.writeBytes(data);
    out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt((int) sum.getValue()).array());
  }
}
