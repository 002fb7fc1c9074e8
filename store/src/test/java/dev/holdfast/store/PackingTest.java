// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PackingTest {
  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void whatSaysTheSameOftenIsShortAndComesBack() {
    byte[] row =
        utf8("{\"events\":[" + "{\"name\":\"GetParameter\",\"readOnly\":true},".repeat(800));
    byte[] kept = Packing.pack(row);
    assertThat(kept.length).isLessThan(row.length / 20);
    assertThat(Packing.unpack(kept)).isEqualTo(row);
  }

  @Test
  void rowsOfAnyLengthAndContentComeBack() {
    var random = new Random(7);
    for (int length = 0; length < 3_000; length += 1 + length / 20) {
      byte[] row = new byte[length];
      random.nextBytes(row);
      Arrays.fill(row, 0, random.nextInt(length + 1), (byte) ' ');
      if (length > 0) {
        row[0] = '{';
      }
      byte[] kept = Packing.pack(row);
      assertThat(kept.length).isLessThanOrEqualTo(row.length);
      assertThat(Packing.unpack(kept)).isEqualTo(row);
    }
  }

  @Test
  void aRowThatWasNeverPackedReads() {
    assertThat(Packing.unpack(utf8("{\"a\":1}"))).isEqualTo(utf8("{\"a\":1}"));
  }

  /** The store's seal refuses damage before; this is what happens where somebody has the key. */
  @Test
  void whatIsCutOffOrLongerThanItSaysIsRefused() {
    byte[] kept = Packing.pack(utf8("{" + "\"a\":1,".repeat(500) + "}"));
    for (int length = 5; length < kept.length; length++) {
      byte[] cut = Arrays.copyOf(kept, length);
      assertThatThrownBy(() -> Packing.unpack(cut)).isInstanceOf(IllegalArgumentException.class);
    }
    byte[] more = Arrays.copyOf(kept, kept.length + 1);
    assertThatThrownBy(() -> Packing.unpack(more)).isInstanceOf(IllegalArgumentException.class);
    for (byte first : new byte[] {-1, 127}) {
      byte[] bomb = kept.clone();
      bomb[1] = first;
      assertThatThrownBy(() -> Packing.unpack(bomb)).isInstanceOf(IllegalArgumentException.class);
    }
    byte[] shorter = kept.clone();
    shorter[4]--;
    assertThatThrownBy(() -> Packing.unpack(shorter)).isInstanceOf(IllegalArgumentException.class);
  }
}
