// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.fuzz.Fuzz;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Frames of a session with a container. Whatever is read is what was written, byte for byte but for
 * the spelling of the type and a digest of nothing; and an input with the right digest put in is
 * read wherever its lengths are right, so that mutations reach what lies behind the digest.
 */
class ChannelFuzzTest {
  private static final int DIGEST = 80;
  private static final int LENGTH = 116;
  private static final int HEAD = 120;

  @Test
  void aFrameIsReadAsItWasWrittenOrNotAtAll() {
    Fuzz.run(ChannelFuzzTest.class, "channel", ChannelFuzzTest::frame);
  }

  static String frame(byte[] input) {
    String plain = read(input);
    if (input.length < HEAD) {
      assertThat(plain).isEqualTo("none");
      return "short";
    }
    byte[] mended = input.clone();
    ByteBuffer.wrap(mended).putInt(0, LENGTH).putInt(LENGTH, input.length - HEAD);
    Arrays.fill(mended, 4, 36, (byte) ' ');
    mended[4] = 'a';
    byte[] payload = Arrays.copyOfRange(mended, HEAD, mended.length);
    System.arraycopy(Hashes.sha256(payload), 0, mended, DIGEST, 32);
    String read = read(mended);
    assertThat(read).isNotEqualTo("none");
    if (payload.length > 0) {
      mended[DIGEST + input.length % 32] ^= (byte) (1 << input.length % 8);
      assertThat(read(mended)).as("another digest").isEqualTo("none");
    }
    return plain + ", " + read;
  }

  private static String read(byte[] bytes) {
    Optional<ChannelMessage> read = ChannelMessage.read(bytes);
    if (read.isEmpty()) {
      return "none";
    }
    ChannelMessage message = read.get();
    assertThat(message.payload()).hasSize(bytes.length - HEAD);
    byte[] again = message.bytes();
    assertThat(Arrays.copyOfRange(again, 40, DIGEST))
        .isEqualTo(Arrays.copyOfRange(bytes, 40, DIGEST));
    assertThat(Arrays.copyOfRange(again, 112, again.length))
        .isEqualTo(Arrays.copyOfRange(bytes, 112, bytes.length));
    assertThat(ChannelMessage.read(again).orElseThrow())
        .usingRecursiveComparison()
        .isEqualTo(message);
    return message.type().length() + " " + message.payloadType() % 16;
  }
}
