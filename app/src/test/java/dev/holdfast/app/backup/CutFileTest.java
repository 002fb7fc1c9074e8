// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.kit.Hashes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class CutFileTest {
  private static final byte[] KEY = new byte[32];
  private static final Path FILE = Path.of("a.cut");
  private static final Cut CUT =
      new Cut(
          "20261125T213000123Z-1a2b3c",
          Instant.EPOCH,
          "1",
          "0123456789ab",
          "dev",
          7,
          List.of(new Piece("keyring.json", 3, "ab".repeat(32))));

  private static Cut proved(byte[] bytes, byte[] key) throws DamagedBackup {
    return CutFile.parse(FILE, bytes).proved(key);
  }

  @Test
  void isAuthenticatedAsIsWrittenDown() throws DamagedBackup {
    byte[] whole = CutFile.write(CUT, KEY);
    String text = new String(whole, StandardCharsets.UTF_8);
    int end = text.indexOf('\n') + 1;
    byte[] body = text.substring(end).getBytes(StandardCharsets.UTF_8);
    assertThat(text.substring(0, end))
        .isEqualTo(
            "holdfast backup 1 hmac-sha256:"
                + HexFormat.of().formatHex(Hashes.hmacSha256(KEY, body))
                + "\n");
    assertThat(proved(whole, KEY)).isEqualTo(CUT);
  }

  @Test
  void refusesEveryFlippedBitEveryCutAndAnotherKey() throws DamagedBackup {
    byte[] whole = CutFile.write(CUT, KEY);
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> proved(flipped, KEY))
          .as("bit %d", bit)
          .isInstanceOf(DamagedBackup.class);
    }
    for (int length = 0; length <= whole.length + 1; length++) {
      byte[] other = Arrays.copyOf(whole, length);
      if (length != whole.length) {
        assertThatThrownBy(() -> proved(other, KEY)).isInstanceOf(DamagedBackup.class);
      }
    }
    byte[] another = KEY.clone();
    another[31] ^= 1;
    assertThatThrownBy(() -> proved(whole, another)).isInstanceOf(DamagedBackup.class);
    assertThat(proved(whole, KEY)).isEqualTo(CUT);
  }
}
