// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import dev.holdfast.kms.model.KeyManager;
import dev.holdfast.kms.model.KeyMaterial;
import dev.holdfast.kms.model.KeyState;
import dev.holdfast.kms.model.KmsKey;
import dev.holdfast.kms.plan.CiphertextBlob;
import dev.holdfast.kms.plan.Envelope;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The bytes of ciphertexts: known answers, what they are bound to, and what does not open. */
class CiphertextTest {
  private static final byte[] PLAIN = "correct horse battery".getBytes(UTF_8);
  private static final Map<String, String> CONTEXT = Map.of("app", "shop", "stage", "prod");
  private static final String ID = "1234abcd-12ab-34cd-56ef-1234567890ab";
  private static final AccountId ACCOUNT = new AccountId("111122223333");
  private static final Region REGION = new Region("eu-central-1");

  /**
   * Both were made from docs/crypto.md by another program (Python's cryptography and hmac), for
   * version 3 of the key, the backing key 000102..1f and the nonces 40..4f (with the IV 60..6b) and
   * 80..9f.
   */
  private static final byte[] FORMER =
      hex(
          "4b011234abcd12ab34cd56ef1234567890ab0000000301404142434445464748494a4b4c4d4e4f606162"
              + "636465666768696a6b903bebae734f7d9a5c196a7e322265c2f314ef237d07b5e12a6aa8f28a36b2"
              + "417094a37ab9");

  private static final byte[] BLOB =
      hex(
          "4b021234abcd12ab34cd56ef1234567890ab0000000302808182838485868788898a8b8c8d8e8f909192"
              + "939495969798999a9b9c9d9e9f5071ead37b0415f2b47064ff17b20b055a65b57aff6a39c34fd0ee"
              + "65b43a0a89b375e2b04626afb8f6617f97586b6fa27d046359c5928661ba1c7ae553a01af82bb25d"
              + "6913");

  private final Envelope envelope = new Envelope(new Bare(), new SecureRandom());

  /** Does not wrap, so that nothing but the blob itself holds what it is bound to. */
  private record Bare() implements Wrapper {
    @Override
    public byte[] wrap(byte[] plain, byte[] aad) {
      return plain.clone();
    }

    @Override
    public byte[] unwrap(byte[] wrapped, byte[] aad) {
      return wrapped.clone();
    }
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  private static KmsKey key(AccountId account, Region region, String id, int... versions) {
    byte[] backing = new byte[32];
    for (int i = 0; i < backing.length; i++) {
      backing[i] = (byte) i;
    }
    List<KeyMaterial> materials =
        Arrays.stream(versions).mapToObj(v -> new KeyMaterial(v, backing)).toList();
    return new KmsKey(
        account,
        region,
        id,
        KeyManager.CUSTOMER,
        KeyState.ENABLED,
        Instant.EPOCH,
        null,
        "",
        "",
        Map.of(),
        materials,
        null);
  }

  private static KmsKey key() {
    return key(ACCOUNT, REGION, ID, 1, 2, 3);
  }

  private Optional<byte[]> open(KmsKey key, byte[] bytes, Map<String, String> context) {
    return CiphertextBlob.parse(bytes).flatMap(blob -> envelope.open(key, blob, context));
  }

  @Test
  void opensWhatIsWrittenDown() {
    assertThat(open(key(), BLOB, CONTEXT)).hasValue(PLAIN);
    assertThat(open(key(), FORMER, CONTEXT)).as("of before commitments").hasValue(PLAIN);
  }

  @Test
  void writesTheNewestFormatUnderTheNewestVersion() {
    byte[] made = envelope.seal(key(), PLAIN, CONTEXT);
    assertThat(Arrays.copyOf(made, 23)).isEqualTo(Arrays.copyOf(BLOB, 23));
    assertThat(made).hasSameSizeAs(BLOB);
    assertThat(open(key(), made, CONTEXT)).hasValue(PLAIN);
    assertThat(Arrays.copyOfRange(envelope.seal(key(), PLAIN, CONTEXT), 23, 55))
        .as("a nonce of its own")
        .isNotEqualTo(Arrays.copyOfRange(made, 23, 55));
    assertThat(envelope.seal(key(), new byte[4096], CONTEXT))
        .as("the limit of CiphertextBlob")
        .hasSizeLessThan(6144);
  }

  /** All keys here have the same backing key, and nothing wraps it. */
  @Test
  void isBoundToAccountRegionKeyVersionAndContextByItself() {
    for (KmsKey other :
        List.of(
            key(new AccountId("444455556666"), REGION, ID, 1, 2, 3),
            key(ACCOUNT, new Region("eu-central-2"), ID, 1, 2, 3),
            key(ACCOUNT, REGION, "2234abcd-12ab-34cd-56ef-1234567890ab", 1, 2, 3),
            key(ACCOUNT, REGION, ID, 1, 2, 4))) {
      assertThat(open(other, BLOB, CONTEXT)).isEmpty();
      byte[] renamed = BLOB.clone();
      byte[] theirs = envelope.seal(other, PLAIN, CONTEXT);
      System.arraycopy(theirs, 0, renamed, 0, 23); // says to be of the other key and version
      assertThat(open(other, renamed, CONTEXT)).isEmpty();
      assertThat(open(other, theirs, CONTEXT)).hasValue(PLAIN);
    }
    for (Map<String, String> other :
        List.<Map<String, String>>of(
            Map.of(),
            Map.of("app", "shop"),
            Map.of("app", "shops", "tage", "prod"),
            Map.of("app", "shop", "stage", "prod", "", ""))) {
      assertThat(open(key(), BLOB, other)).isEmpty();
      assertThat(open(key(), FORMER, other)).isEmpty();
      assertThat(open(key(), envelope.seal(key(), PLAIN, other), other)).hasValue(PLAIN);
    }
  }

  @Test
  void opensWithNoBitFlippedAndNothingCutOrAdded() {
    for (byte[] whole : List.of(BLOB, FORMER)) {
      for (int bit = 0; bit < whole.length * 8; bit++) {
        byte[] flipped = whole.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        assertThat(open(key(), flipped, CONTEXT)).as("bit %d", bit).isEmpty();
      }
      for (int length = 0; length < whole.length; length++) {
        assertThat(open(key(), Arrays.copyOf(whole, length), CONTEXT)).as("%d", length).isEmpty();
      }
      assertThat(open(key(), Arrays.copyOf(whole, whole.length + 1), CONTEXT)).isEmpty();
      assertThat(open(key(), whole, CONTEXT)).hasValue(PLAIN);
    }
  }

  /** A commitment that could be left out would commit to nothing. */
  @Test
  void isNotTakenForTheFormerFormat() {
    byte[] former = BLOB.clone();
    former[1] = 1;
    former[22] = 1;
    assertThat(CiphertextBlob.parse(former)).isPresent();
    assertThat(open(key(), former, CONTEXT)).isEmpty();
    byte[] newer = Arrays.copyOf(FORMER, FORMER.length + 48);
    newer[1] = 2;
    newer[22] = 2;
    assertThat(CiphertextBlob.parse(newer)).isPresent();
    assertThat(open(key(), newer, CONTEXT)).isEmpty();
  }
}
