// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.iam.model.Guesses;
import dev.holdfast.iam.model.MfaDevice;
import dev.holdfast.iam.model.MfaDevice.Codes;
import dev.holdfast.kit.Ids;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TotpTest {
  private static final Instant NOW = Instant.parse("2026-11-26T12:00:10Z");
  private static final long HERE = Totp.step(NOW);
  private static final byte[] RFC_KEY = "12345678901234567890".getBytes(StandardCharsets.UTF_8);

  private final MfaDevice device = device(new Codes(0, HERE - 10));

  private static MfaDevice device(Codes codes) {
    return MfaDevice.fresh("phone", "/", NOW, Ids.base32(new Random(7), "", 64))
        .of(new MfaDevice.Owner("AIDA", "ann", NOW), codes);
  }

  private String code(long step) {
    return Totp.code(Base32.decode(device.seed()), step);
  }

  /** RFC 6238, appendix B: the last six of its eight digits. */
  @ParameterizedTest
  @CsvSource({
    "59, 287082",
    "1111111109, 081804",
    "1111111111, 050471",
    "1234567890, 005924",
    "2000000000, 279037",
    "20000000000, 353130"
  })
  void makesTheCodesOfTheStandard(long second, String code) {
    assertThat(Totp.code(RFC_KEY, Totp.step(Instant.ofEpochSecond(second)))).isEqualTo(code);
  }

  /** RFC 4648, section 10, without its padding. */
  @ParameterizedTest
  @CsvSource({
    "MY, f",
    "MZXQ, fo",
    "MZXW6, foo",
    "MZXW6YQ, foob",
    "MZXW6YTB, fooba",
    "MZXW6YTBOI, foobar"
  })
  void readsBase32(String text, String bytes) {
    assertThat(Base32.decode(text)).asString(StandardCharsets.UTF_8).isEqualTo(bytes);
  }

  @Test
  void readsNoOtherCharactersThanBase32() {
    for (String text : new String[] {"M1", "my", "MZXW6===", "M Z", "MZ\n", "\u00c4"}) {
      assertThatThrownBy(() -> Base32.decode(text)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void takesTheCodesOfThreeSteps() {
    for (long step = HERE - 4; step <= HERE + 4; step++) {
      var taken = Factor.taken(device, code(step), NOW);
      if (Math.abs(step - HERE) <= 1) {
        assertThat(taken).contains(new Codes(0, step));
      } else {
        assertThat(taken).isEmpty();
      }
    }
  }

  @Test
  void takesNoCodeTwiceAndNoneFromBefore() {
    MfaDevice after = device.with(Factor.taken(device, code(HERE), NOW).orElseThrow());
    assertThat(Factor.taken(after, code(HERE), NOW)).isEmpty();
    assertThat(Factor.taken(after, code(HERE - 1), NOW)).isEmpty();
    assertThat(Factor.taken(after, code(HERE + 1), NOW)).isPresent();
    assertThat(Factor.taken(after, code(HERE), NOW.plusSeconds(30))).isEmpty();
  }

  @Test
  void takesNothingThatIsNoCode() {
    for (String text :
        new String[] {
          "", "0", "00000", "0000000", "abcdef", "\u0660\u0660\u0660\u0660\u0660\u0660"
        }) {
      assertThat(Factor.taken(device, text, NOW)).isEmpty();
    }
  }

  @Test
  void aFirstTimeNeedsTwoCodesInARow() {
    assertThat(Factor.first(device, code(HERE - 1), code(HERE), NOW)).contains(new Codes(0, HERE));
    assertThat(Factor.first(device, code(HERE), code(HERE + 1), NOW)).isPresent();
    assertThat(Factor.first(device, code(HERE), code(HERE), NOW)).isEmpty();
    String both = code(HERE - 1) + code(HERE);
    assertThat(Factor.first(device, both.substring(0, 5), both.substring(5), NOW)).isEmpty();
    assertThat(Factor.first(device, code(HERE), code(HERE - 1), NOW)).isEmpty();
    assertThat(Factor.first(device, code(HERE - 1), code(HERE + 1), NOW)).isEmpty();
    assertThat(Factor.first(device, code(HERE - 5), code(HERE - 4), NOW)).isEmpty();
    assertThat(Factor.first(device, code(HERE + 1), code(HERE + 2), NOW)).isEmpty();
  }

  @Test
  void aClockThatIsOffIsSetRightByTwoCodesInARow() {
    for (long off : new long[] {-8, 60, 120}) {
      Codes codes = Factor.again(device, code(HERE + off - 1), code(HERE + off), NOW).orElseThrow();
      assertThat(codes).isEqualTo(new Codes(off, HERE + off));
      MfaDevice mended = device.with(codes);
      Instant later = NOW.plusSeconds(60);
      assertThat(Factor.taken(mended, code(HERE + off + 2), later)).isPresent();
      assertThat(Factor.taken(mended, code(HERE + off), later)).isEmpty();
    }
    assertThat(Factor.again(device, code(HERE + 121), code(HERE + 122), NOW)).isEmpty();
    assertThat(Factor.again(device, code(HERE - 12), code(HERE - 11), NOW))
        .as("codes from before the last one that was used")
        .isEmpty();
  }

  @Test
  void guessesHaveToWaitLongerAndLonger() {
    Guesses guesses = Guesses.NONE;
    for (int i = 1; i < Guesses.FREE; i++) {
      guesses = guesses.missed(NOW);
      assertThat(guesses.open(NOW)).isTrue();
    }
    guesses = guesses.missed(NOW);
    assertThat(guesses.open(NOW.plusSeconds(29))).isFalse();
    assertThat(guesses.open(NOW.plusSeconds(30))).isTrue();
    guesses = guesses.missed(NOW);
    assertThat(guesses.open(NOW.plusSeconds(59))).isFalse();
    assertThat(guesses.open(NOW.plusSeconds(60))).isTrue();
  }

  /** What somebody who has the key but not the device finds out by guessing without a pause. */
  @Test
  void guessingADayLongFindsACodeOnceInNineThousandDays() {
    Guesses guesses = Guesses.NONE;
    Instant at = NOW;
    Instant end = NOW.plus(Duration.ofDays(1));
    int guessed = 0;
    while (at.isBefore(end)) {
      if (guesses.open(at)) {
        guesses = guesses.missed(at);
        guessed++;
      } else {
        at = at.plusSeconds(1);
      }
    }
    int right = 3; // codes in the window at any time
    assertThat(guessed).isBetween(30, 36);
    assertThat(guessed * right / 1_000_000.0).isLessThan(1 / 9_000.0);
  }

  @Test
  void aWaitThatBeganWhileTheClockWasWrongIsOver() {
    Guesses guesses = Guesses.NONE;
    for (int i = 0; i < 20; i++) {
      guesses = guesses.missed(NOW.plus(Duration.ofDays(300)));
    }
    assertThat(guesses.open(NOW)).isTrue();
  }
}
