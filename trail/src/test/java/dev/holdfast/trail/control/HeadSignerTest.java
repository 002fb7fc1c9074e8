// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.trail.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.service.State;
import dev.holdfast.store.Database;
import dev.holdfast.store.Table;
import dev.holdfast.store.memory.MemoryStore;
import dev.holdfast.trail.model.SigningKey;
import dev.holdfast.trail.model.TrailTables;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadSignerTest {
  private static State state() {
    return new State(new Database(new MemoryStore()));
  }

  /** Ed25519: tests 1 and 3 of RFC 8032, 7.1. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60, d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a, '', e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b
          c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7, fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025, af82, 6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a
          """)
  void signsAsSpecified(String seed, String point, String message, String signature) {
    State state = state();
    var key =
        new SigningKey(
            base64("302e020100300506032b657004220420" + seed),
            base64("302a300506032b6570032100" + point));
    state.own(
        tx -> {
          tx.put(TrailTables.KEYS, Table.PLATFORM, "head", key);
          return key;
        });
    HeadSigner signer = HeadSigner.open(state);
    byte[] bytes = HexFormat.of().parseHex(message);
    assertThat(signer.sign(bytes)).isEqualTo(base64(signature));
    assertThat(signer.verify(bytes, base64(signature))).isTrue();
  }

  private static String base64(String hex) {
    return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
  }

  @Test
  void refusesEveryFlippedBitOfASignatureAndOfWhatItIsOver() {
    HeadSigner signer = HeadSigner.open(state());
    byte[] head = ("17:" + "0123456789abcdef".repeat(4)).getBytes(StandardCharsets.UTF_8);
    String signature = signer.sign(head);
    for (int i = 0; i < signature.length(); i++) {
      for (int bit = 0; bit < 7; bit++) {
        char other = (char) (signature.charAt(i) ^ 1 << bit);
        String flipped = signature.substring(0, i) + other + signature.substring(i + 1);
        assertThat(signer.verify(head, flipped)).as("character %d, bit %d", i, bit).isFalse();
      }
      assertThat(signer.verify(head, signature.substring(0, i))).isFalse();
    }
    for (int bit = 0; bit < head.length * 8; bit++) {
      byte[] flipped = head.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(signer.verify(flipped, signature)).as("bit %d", bit).isFalse();
    }
    assertThat(HeadSigner.open(state()).verify(head, signature)).as("another key").isFalse();
    assertThat(signer.verify(head, signature)).isTrue();
  }
}
