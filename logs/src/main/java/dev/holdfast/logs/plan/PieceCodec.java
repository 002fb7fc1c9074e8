// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.plan;

import dev.holdfast.logs.model.LogEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Writes events as a piece keeps them and reads them again: a byte for the form, then, deflated
 * (RFC 1951), for each event the difference of its time and of its ingestion to the event before,
 * the length of its message and the message in UTF-8. Numbers are variable-length (7 bits a byte),
 * signed ones in zigzag.
 */
public final class PieceCodec {
  private static final byte FORM = 1;

  /** No piece holds more when it is read: an event has at most 1 MiB, a joined piece 512 KiB. */
  private static final int MOST = 8 * 1024 * 1024;

  private static final int LEVEL = 4;

  private PieceCodec() {}

  /** Events that cannot be read. */
  public static final class Damaged extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    Damaged(String message) {
      super(message);
    }
  }

  /** The bytes of events whose numbers follow each other. */
  public static byte[] write(List<LogEvent> events) {
    var plain = new ByteArrayOutputStream(events.size() * 128);
    long time = 0;
    long ingested = 0;
    for (LogEvent event : events) {
      byte[] message = event.message().getBytes(StandardCharsets.UTF_8);
      number(plain, zigzag(event.timestamp() - time));
      number(plain, zigzag(event.ingested() - ingested));
      number(plain, message.length);
      plain.writeBytes(message);
      time = event.timestamp();
      ingested = event.ingested();
    }
    return deflated(plain.toByteArray());
  }

  /**
   * The events of a piece.
   *
   * @param number of the first one
   * @param count how many there are
   * @throws Damaged where the bytes are none
   */
  public static List<LogEvent> read(byte[] bytes, long number, int count) {
    var in = new In(inflated(bytes));
    var events = new ArrayList<LogEvent>(Math.min(count, 16 * 1024));
    long time = 0;
    long ingested = 0;
    for (int i = 0; i < count; i++) {
      time += unzigzag(in.number());
      ingested += unzigzag(in.number());
      events.add(new LogEvent(time, ingested, number + i, in.text(in.number())));
    }
    if (!in.ended()) {
      throw new Damaged("a piece holds more than its " + count + " events");
    }
    return events;
  }

  private static long zigzag(long value) {
    return (value << 1) ^ (value >> 63);
  }

  private static long unzigzag(long value) {
    return (value >>> 1) ^ -(value & 1);
  }

  private static void number(ByteArrayOutputStream out, long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  private static byte[] deflated(byte[] plain) {
    try (var deflater = new Deflater(LEVEL, true)) {
      deflater.setInput(plain);
      deflater.finish();
      var out = new ByteArrayOutputStream(plain.length / 4 + 64);
      out.write(FORM);
      byte[] buffer = new byte[16 * 1024];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return out.toByteArray();
    }
  }

  private static byte[] inflated(byte[] bytes) {
    if (bytes.length == 0 || bytes[0] != FORM) {
      throw new Damaged("a piece is of an unknown form");
    }
    try (var inflater = new Inflater(true)) {
      inflater.setInput(bytes, 1, bytes.length - 1);
      var out = new ByteArrayOutputStream(bytes.length * 4);
      byte[] buffer = new byte[16 * 1024];
      while (!inflater.finished()) {
        int length = inflater.inflate(buffer);
        if ((length == 0 && !inflater.finished()) || out.size() + length > MOST) {
          throw new Damaged("a piece ends early, or is larger than any");
        }
        out.write(buffer, 0, length);
      }
      return out.toByteArray();
    } catch (DataFormatException e) {
      throw new Damaged("a piece is not what was compressed: " + e.getMessage());
    }
  }

  private static final class In {
    private final byte[] bytes;
    private int at;

    In(byte[] bytes) {
      this.bytes = bytes;
    }

    boolean ended() {
      return at == bytes.length;
    }

    long number() {
      long value = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        if (at == bytes.length) {
          throw new Damaged("a piece ends within a number");
        }
        byte next = bytes[at++];
        value |= (long) (next & 0x7f) << shift;
        if (next >= 0) {
          return value;
        }
      }
      throw new Damaged("a number has more than 64 bits");
    }

    String text(long length) {
      if (length < 0 || length > bytes.length - at) {
        throw new Damaged("a message is longer than its piece");
      }
      var text = new String(bytes, at, (int) length, StandardCharsets.UTF_8);
      at += (int) length;
      return text;
    }
  }
}
