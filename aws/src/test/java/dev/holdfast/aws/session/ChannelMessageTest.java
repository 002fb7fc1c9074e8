// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ChannelMessageTest {
  private static final ChannelMessage MESSAGE =
      new ChannelMessage(
          ChannelMessage.INPUT,
          1_500_000_000_000L,
          7,
          1,
          UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"),
          ChannelMessage.DATA,
          "ls\n".getBytes(UTF_8));

  @Test
  void writesTheHeaderAsThePluginReadsIt() {
    String hex = HexFormat.of().formatHex(MESSAGE.bytes());
    assertThat(hex)
        .startsWith("00000074" + HexFormat.of().formatHex("input_stream_data".getBytes(UTF_8)))
        .contains("00000001" + "0000015d3ef79800" + "0000000000000007" + "0000000000000001")
        .contains("8899aabbccddeeff" + "0011223344556677")
        .endsWith("00000001" + "00000003" + "6c730a");
    assertThat(MESSAGE.bytes()).hasSize(123);
  }

  @Test
  void readsWhatItWrote() {
    ChannelMessage read = ChannelMessage.read(MESSAGE.bytes()).orElseThrow();
    assertThat(read).usingRecursiveComparison().isEqualTo(MESSAGE);
    assertThat(read.text()).isEqualTo("ls\n");
    assertThat(read.toString()).doesNotContain("ls");
  }

  @Test
  void readsNothingThatWasAlteredOrCut() {
    byte[] bytes = MESSAGE.bytes();
    for (int length = 0; length < bytes.length; length++) {
      assertThat(ChannelMessage.read(java.util.Arrays.copyOf(bytes, length))).isEmpty();
    }
    bytes[bytes.length - 1] ^= 1;
    assertThat(ChannelMessage.read(bytes)).isEmpty();
    var random = new Random(1);
    for (int i = 0; i < 1000; i++) {
      byte[] noise = new byte[random.nextInt(200)];
      random.nextBytes(noise);
      assertThat(ChannelMessage.read(noise)).isEmpty();
    }
  }
}
