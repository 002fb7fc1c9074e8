// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PieceTest {
  private static final String HASH = "ab".repeat(32);

  @Test
  void takesTheNamesOfADataDirectory() {
    for (String name :
        new String[] {"keyring.json", "state/000012.sst", "a/b-c/d_e.f", "sha256:" + HASH}) {
      assertThat(new Piece(name, 0, HASH).name()).isEqualTo(name);
    }
    for (String name : new String[] {"", "/a", "../a", "a/../b", "a//b", ".hidden", "a b", "a\n"}) {
      assertThatThrownBy(() -> new Piece(name, 0, HASH))
          .as("`%s`", name)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** A name is read before anything proves the backup. */
  @Test
  @Timeout(10)
  void refusesALongNameAtOnce() {
    String name = "a".repeat(100_000) + "!";
    assertThatThrownBy(() -> new Piece(name, 0, HASH)).isInstanceOf(IllegalArgumentException.class);
  }
}
