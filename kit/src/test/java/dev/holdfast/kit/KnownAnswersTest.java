// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The primitives give the answers that their specifications print. */
class KnownAnswersTest {
  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  /**
   * AES-256-GCM with an IV of 96 and a tag of 128 bits: test cases 13 to 16 of the specification of
   * GCM (McGrew and Viega), then count 0 of three groups of NIST CAVP's gcmEncryptExtIV256.
   */
  @ParameterizedTest(name = "AES-256-GCM {0}")
  @CsvSource(
      textBlock =
          """
          case 13, 0000000000000000000000000000000000000000000000000000000000000000, 000000000000000000000000, '', '', 530f8afbc74536b9a963b4f1c4cb738b
          case 14, 0000000000000000000000000000000000000000000000000000000000000000, 000000000000000000000000, 00000000000000000000000000000000, '', cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919
          case 15, feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308, cafebabefacedbaddecaf888, d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255, '', 522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015adb094dac5d93471bdec1a502270e3cc6c
          case 16, feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308, cafebabefacedbaddecaf888, d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39, feedfacedeadbeeffeedfacedeadbeefabaddad2, 522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b
          no text, b52c505a37d78eda5dd34f20c22540ea1b58963cf8e5bf8ffa85f9f2492505b4, 516c33929df5a3284ff463d7, '', '', bdc1ac884d332457a1d2664f168c76f0
          text, 31bdadd96698c204aa9ce1448ea94ae1fb4a9a0b3c9d773b51bb1822666b8f22, 0d18e06c7c725ac9e362e1ce, 2db5168e932556f8089a0622981d017d, '', fa4362189661d163fcd6a56d8bf0405ad636ac1bbedd5cc3ee727dc2ab4a9489
          context, 92e11dcdaa866f5ce790fd24501f92509aacf4cb8b1339d50c9c1240935dd08b, ac93a1a6145299bde902f21a, 2d71bcfa914e4ac045b2aa60955fad24, 1e0889016f67601c8ebea4943bc23ad6, 8995ae2e6df3dbf96fac7b7137bae67feca5aa77d51d4a0a14d9c51e1da474ab
          """)
  void sealsAsSpecified(
      String name, String key, String iv, String plain, String context, String sealed)
      throws AEADBadTagException {
    var secret = new SecretKeySpec(hex(key), "AES");
    byte[] aad = hex(context);
    assertThat(AesGcm.encrypt(secret, hex(iv), hex(plain), aad)).isEqualTo(hex(sealed));
    assertThat(AesGcm.decrypt(secret, hex(iv), hex(sealed), aad)).isEqualTo(hex(plain));
    int half = aad.length / 2;
    byte[] first = Arrays.copyOf(aad, half);
    byte[] rest = Arrays.copyOfRange(aad, half, aad.length);
    assertThat(AesGcm.decrypt(secret, hex(iv), hex(sealed), first, rest))
        .as("context in parts")
        .isEqualTo(hex(plain));
    for (int bit = 0; bit < hex(sealed).length * 8; bit++) {
      byte[] flipped = hex(sealed);
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> AesGcm.decrypt(secret, hex(iv), flipped, aad))
          .isInstanceOf(AEADBadTagException.class);
    }
  }

  /** Ciphers are pooled: one that has refused something must not spoil what comes after it. */
  @Test
  void opensWhatIsRightAfterWhatIsWrong() throws AEADBadTagException {
    var key = new SecretKeySpec(new byte[32], "AES");
    byte[] iv = new byte[12];
    for (int i = 0; i < 40; i++) {
      iv[0] = (byte) i;
      byte[] sealed = AesGcm.encrypt(key, iv, new byte[20]);
      assertThat(AesGcm.decrypt(key, iv, sealed)).isEqualTo(new byte[20]);
      sealed[0] ^= 1;
      assertThatThrownBy(() -> AesGcm.decrypt(key, iv, sealed))
          .isInstanceOf(AEADBadTagException.class);
    }
  }

  /** HMAC-SHA-256: test cases 1 to 4, 6 and 7 of RFC 4231. */
  @ParameterizedTest(name = "HMAC-SHA-256, case {0} of RFC 4231")
  @CsvSource({
    "1, 0b, 20, 4869205468657265, 1, b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    "2, 4a656665, 1, 7768617420646f2079612077616e7420666f72206e6f7468696e673f, 1, 5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    "3, aa, 20, dd, 50, 773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
    "4, 0102030405060708090a0b0c0d0e0f10111213141516171819, 1, cd, 50, 82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
    "6, aa, 131, 54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579204669727374, 1, 60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    "7, aa, 131, 5468697320697320612074657374207573696e672061206c6172676572207468616e20626c6f636b2d73697a65206b657920616e642061206c6172676572207468616e20626c6f636b2d73697a6520646174612e20546865206b6579206e6565647320746f20626520686173686564206265666f7265206265696e6720757365642062792074686520484d414320616c676f726974686d2e, 1, 9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
  })
  void authenticatesAsSpecified(
      int number, String key, int keyTimes, String message, int messageTimes, String code) {
    assertThat(Hashes.hmacSha256(hex(key.repeat(keyTimes)), hex(message.repeat(messageTimes))))
        .isEqualTo(hex(code));
  }

  /** SHA-256: the examples of FIPS 180-2, appendix B, and the empty message. */
  @Test
  void hashesAsSpecified() {
    assertThat(Hashes.sha256Hex(""))
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assertThat(Hashes.sha256Hex("abc"))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assertThat(Hashes.sha256Hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))
        .isEqualTo("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    assertThat(Hashes.sha256Hex("a".repeat(1_000_000).getBytes(US_ASCII)))
        .isEqualTo("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  }

  @Test
  void aSecretShowsNothingAndWipesItself() {
    byte[] bytes = "hunter2".getBytes(US_ASCII);
    var secret = new Secret(bytes);
    assertThat(secret).hasToString("***").isEqualTo(new Secret(bytes.clone()));
    secret.close();
    assertThat(bytes).containsOnly(0);
  }
}
