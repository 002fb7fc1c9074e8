// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.seal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.kit.Secret;
import dev.holdfast.store.Commit;
import dev.holdfast.store.Entry;
import dev.holdfast.store.Key;
import dev.holdfast.store.Snapshot;
import dev.holdfast.store.memory.MemoryStore;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Keyrings and sealed values as docs/crypto.md writes them down, made by another program (Python's
 * cryptography and hmac), and every flipped bit of them.
 */
class KnownSealsTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Under the root key 05..05: id 01..01, derivation key 02..02, data key 1 03..03, 65536 uses. */
  private static final String KEYRING =
      "{\"format\":1,\"salt\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\",\"iv\":\"MDEyMzQ1Njc4OTo7\",\"sealed\":\"sXEYuSHljxrs7E/sWYLOe3c1Pja3EwGzhIzgWD2mSQ5cF57FCJ68xXJSVwYjwYpbk3fIh3SIyzX9CCCsyDBzuVyBQdOi6D2/W1A/ICUya9prkQK4FWmUu0UCR3y31cJprotDuFVgHxhLqH+a1qVm44kMqvgoRaeqiCGv5qaMZuoyRx8USmnBLCr1uFlG/uD3IJuhZJBX1mzfAQoifTQ+j3DnFsWX4vKoJMgQ6HFLIC7ri+lBkdw9Mi7STumf+rfn0TQ8grp7\"}";

  private static final String VALUE =
      "0100000001505152535455565758595a5be8e8f8f1f9df3de81036f30fbba7eafdb591c0b61a";
  private static final String WRAPPED =
      "0100000001505152535455565758595a5be8e8f8f1f9a039e26b3d2e731cf361bcebd40e7350";

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  private static Secret root() {
    byte[] root = new byte[32];
    Arrays.fill(root, (byte) 5);
    return new Secret(root);
  }

  private static Keyring keyring(byte[] document) {
    var kept = new KeptKeyring();
    kept.save(document);
    return Keyring.open(kept, root(), RANDOM);
  }

  private static Keyring keyring() {
    return keyring(KEYRING.getBytes(US_ASCII));
  }

  /** HKDF-SHA-256: the first 32 bytes of test cases 1 to 3 of RFC 5869, appendix A. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b, 000102030405060708090a0b0c, f0f1f2f3f4f5f6f7f8f9, 3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf
          000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f, 606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeaf, b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff, b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c
          0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b, '', '', 8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d
          """)
  void derivesAsSpecified(String material, String salt, String info, String key) {
    assertThat(Aead.hkdf(hex(material), hex(salt), hex(info))).isEqualTo(hex(key));
  }

  @Test
  void opensWhatIsWrittenDown() {
    try (Keyring keyring = keyring()) {
      assertThat(keyring.id()).isEqualTo("01".repeat(16));
      assertThat(keyring.version()).isEqualTo(1);
      assertThat(keyring.uses(1)).isEqualTo(65_536);
      assertThat(keyring.derive("sessions").bytes())
          .isEqualTo(hex("c40a4f2c74c06114895fce9af7f6a35ee9701b793e88ee80dcf96d6ff51b9f4a"));
      assertThat(keyring.open(Keyring.Domain.VALUE, hex(VALUE), "the key".getBytes(US_ASCII)))
          .asString(US_ASCII)
          .isEqualTo("plain");
      assertThat(keyring.unwrap(hex(WRAPPED), "the context".getBytes(US_ASCII)))
          .asString(US_ASCII)
          .isEqualTo("plain");
    }
  }

  @Test
  void aKeyringWithAFlippedBitOrCutOffDoesNotOpen() {
    byte[] whole = KEYRING.getBytes(US_ASCII);
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> keyring(flipped))
          .as("bit %d", bit)
          .isInstanceOf(SealException.class);
    }
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> keyring(cut)).isInstanceOf(SealException.class);
    }
    keyring(whole).close();
  }

  @Test
  void aSealedValueWithAFlippedBitDoesNotOpenNorDoesOneOfAnotherUse() {
    try (Keyring keyring = keyring()) {
      for (Keyring.Domain domain : Keyring.Domain.values()) {
        String aad = domain == Keyring.Domain.VALUE ? "the key" : "the context";
        byte[] context = aad.getBytes(US_ASCII);
        byte[] whole = hex(domain == Keyring.Domain.VALUE ? VALUE : WRAPPED);
        for (int bit = 0; bit < whole.length * 8; bit++) {
          byte[] flipped = whole.clone();
          flipped[bit / 8] ^= (byte) (1 << bit % 8);
          assertThatThrownBy(() -> keyring.open(domain, flipped, context))
              .as("bit %d", bit)
              .isInstanceOf(SealException.class);
        }
        for (Keyring.Domain other : Keyring.Domain.values()) {
          if (other != domain) {
            assertThatThrownBy(() -> keyring.open(other, whole, context))
                .isInstanceOf(SealException.class);
          }
        }
        assertThat(keyring.open(domain, whole, context)).asString(US_ASCII).isEqualTo("plain");
      }
    }
  }

  @Test
  void aRowWithAFlippedBitIsRefusedByTheStore() {
    var inner = new MemoryStore();
    Key row = Key.of("row");
    try (Keyring keyring = keyring()) {
      var store = new SealedStore(inner, keyring);
      store.commit(Commit.put(row, "plain".getBytes(US_ASCII)));
      byte[] whole = value(inner, row);
      for (int bit = 0; bit < whole.length * 8; bit++) {
        byte[] flipped = whole.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        inner.commit(Commit.put(row, flipped));
        assertThatThrownBy(() -> value(store, row))
            .as("bit %d", bit)
            .isInstanceOf(SealException.class);
      }
      inner.commit(Commit.put(row, whole));
      assertThat(value(store, row)).asString(US_ASCII).isEqualTo("plain");
    }
  }

  private static byte[] value(dev.holdfast.store.Store store, Key key) {
    try (Snapshot snapshot = store.read()) {
      Entry entry = Objects.requireNonNull(snapshot.get(key));
      return entry.value();
    }
  }
}
