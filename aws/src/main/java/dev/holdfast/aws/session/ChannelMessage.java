// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.session;

import dev.holdfast.kit.Hashes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/**
 * One binary message of a session's data channel: a header of 116 bytes, the length of the payload
 * and the payload, all numbers big-endian.
 *
 * <pre>
 * 0 header length | 4 type, 32 bytes | 36 schema version | 40 created, ms | 48 sequence number
 * 56 flags | 64 message id, its low half first | 80 SHA-256 of the payload | 112 payload type
 * 116 payload length | 120 payload
 * </pre>
 *
 * @param created milliseconds since 1970
 * @param sequence counted by each side for its stream messages, from 0
 * @param payloadType see the constants
 * @see <a href="https://github.com/aws/session-manager-plugin">Session Manager plugin</a>
 */
@SuppressWarnings("ArrayRecordComponent")
public record ChannelMessage(
    String type,
    long created,
    long sequence,
    long flags,
    UUID id,
    int payloadType,
    byte[] payload) {
  public static final String INPUT = "input_stream_data";
  public static final String OUTPUT = "output_stream_data";
  public static final String ACKNOWLEDGE = "acknowledge";
  public static final String CLOSED = "channel_closed";

  public static final int DATA = 1;
  public static final int SIZE = 3;
  public static final int HANDSHAKE_REQUEST = 5;
  public static final int HANDSHAKE_RESPONSE = 6;
  public static final int HANDSHAKE_COMPLETE = 7;
  public static final int FLAG = 10;
  public static final int ERROR_DATA = 11;
  public static final int EXIT_CODE = 12;

  /** The flag by which a client ends a session. */
  public static final int TERMINATE = 2;

  private static final int HEADER = 116;
  private static final int TYPE_BYTES = 32;
  private static final int SCHEMA = 1;

  /** The longest payload that is read. */
  private static final int LONGEST = 512 * 1024;

  public byte[] bytes() {
    ByteBuffer out = ByteBuffer.allocate(HEADER + Integer.BYTES + payload.length);
    byte[] name = new byte[TYPE_BYTES];
    Arrays.fill(name, (byte) ' ');
    byte[] text = type.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, name, 0, text.length);
    out.putInt(HEADER)
        .put(name)
        .putInt(SCHEMA)
        .putLong(created)
        .putLong(sequence)
        .putLong(flags)
        .putLong(id.getLeastSignificantBits())
        .putLong(id.getMostSignificantBits())
        .put(Hashes.sha256(payload))
        .putInt(payloadType)
        .putInt(payload.length)
        .put(payload);
    return out.array();
  }

  /** The message, or empty where the bytes are none or were altered. */
  public static Optional<ChannelMessage> read(byte[] bytes) {
    if (bytes.length < HEADER + Integer.BYTES) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int header = in.getInt();
    byte[] name = new byte[TYPE_BYTES];
    in.get(name).getInt();
    long created = in.getLong();
    long sequence = in.getLong();
    long flags = in.getLong();
    long low = in.getLong();
    var id = new UUID(in.getLong(), low);
    byte[] digest = new byte[32];
    in.get(digest);
    int payloadType = in.getInt();
    int length = in.getInt();
    if (header != HEADER
        || length < 0
        || length > LONGEST
        || length != in.remaining()
        || !isText(name)) {
      return Optional.empty();
    }
    byte[] payload = new byte[length];
    in.get(payload);
    if (length > 0 && !MessageDigest.isEqual(digest, Hashes.sha256(payload))) {
      return Optional.empty();
    }
    String type = new String(name, StandardCharsets.US_ASCII).replace('\0', ' ').strip();
    return Optional.of(
        new ChannelMessage(type, created, sequence, flags, id, payloadType, payload));
  }

  /** Whether a type is printable, with the zeros that some pad it with. */
  private static boolean isText(byte[] name) {
    for (byte b : name) {
      if (b != 0 && (b < ' ' || b > '~')) {
        return false;
      }
    }
    return true;
  }

  /** The payload as text. */
  public String text() {
    return new String(payload, StandardCharsets.UTF_8);
  }

  /** What is typed and shown in a session is nobody else's to read. */
  @Override
  public String toString() {
    return "ChannelMessage[" + type + " " + sequence + ", " + payload.length + " bytes]";
  }
}
