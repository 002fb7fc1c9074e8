// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.iam.model.Guesses;
import dev.holdfast.iam.model.LoginProfile;
import dev.holdfast.iam.model.PasswordRules;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PasswordTest {
  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
  private static final List<String> NAMES = List.of("111122223333", "Harbor-1x");

  private static PasswordRules rules(int length, String kinds) {
    return new PasswordRules(
        length,
        new PasswordRules.Characters(
            kinds.contains("s"), kinds.contains("n"), kinds.contains("u"), kinds.contains("l")),
        true,
        90,
        3,
        true);
  }

  private static Optional<String> fault(String password) {
    return PasswordCheck.fault(password, null, NAMES);
  }

  @Test
  void anAccountWithoutAPolicyHasAwsOwn() {
    assertThat(fault("Short-1")).contains("Password should have a minimum length of 8");
    assertThat(fault("longbutplain"))
        .contains(
            "Password should meet 2 more of the following requirements: Password should have at"
                + " least one uppercase letter, Password should have at least one number, Password"
                + " should have at least one symbol");
    assertThat(fault("lower1234"))
        .contains(
            "Password should meet 1 more of the following requirements: Password should have at"
                + " least one uppercase letter, Password should have at least one symbol");
    assertThat(fault("Lower1234")).isEmpty();
    assertThat(fault("lower-1234")).isEmpty();
    assertThat(fault("harbor-1X")).contains("Password should not be the name of the account");
    assertThat(fault("x".repeat(129))).isPresent();
  }

  @Test
  void aPolicyAsksForItsLengthAndItsKinds() {
    assertThat(PasswordCheck.fault("abcdef", rules(6, ""), NAMES)).isEmpty();
    assertThat(PasswordCheck.fault("abcde", rules(6, ""), NAMES))
        .contains("Password should have a minimum length of 6");
    assertThat(PasswordCheck.fault("abcdef", rules(6, "un"), NAMES))
        .contains(
            "Password should have at least one uppercase letter, Password should have at least one"
                + " number");
    assertThat(PasswordCheck.fault("Abcdef1", rules(6, "un"), NAMES)).isEmpty();
    assertThat(PasswordCheck.fault("ABCDEF1{", rules(6, "sl"), NAMES))
        .contains("Password should have at least one lowercase letter");
    assertThat(PasswordCheck.fault("\u00c4BCDEF\u00b2\u00a7", rules(6, "sn"), NAMES))
        .as("letters and signs of other kinds are none of these")
        .isPresent();
  }

  @Test
  void aPasswordEndsWhenThePolicySays() {
    Instant end = NOW.plus(Duration.ofDays(90));
    assertThat(PasswordCheck.end(rules(8, ""), NOW)).contains(end);
    assertThat(PasswordCheck.end(null, NOW)).isEmpty();
    assertThat(PasswordCheck.shut(rules(8, ""), NOW, end.minusSeconds(1))).isFalse();
    assertThat(PasswordCheck.shut(rules(8, ""), NOW, end)).isTrue();
    assertThat(PasswordCheck.shut(null, NOW, end)).isFalse();
  }

  /** The known answer was computed by another program (Python's hashlib). */
  @Test
  void derivesByPbkdf2() {
    assertThat(Pbkdf2.derive("correct horse", "000102030405060708090a0b0c0d0e0f", 1000).hash())
        .isEqualTo("5e9c74ed68d5c78bc222fae60518fcb8ea1556d1aa26ab54bf62796e18b3490b");
  }

  @Test
  void findsThePasswordsThatWereUsed() {
    String salt = "000102030405060708090a0b0c0d0e0f";
    var profile =
        new LoginProfile(
            "AIDA",
            NOW,
            salt,
            Pbkdf2.derive("one", salt, 1000),
            NOW,
            List.of(),
            new LoginProfile.State(false, Guesses.NONE));
    profile = profile.with(Pbkdf2.derive("two", salt, 1001), NOW, false);
    profile = profile.with(Pbkdf2.derive("three", salt, 1001), NOW, false);
    assertThat(used("three", profile, 1)).isTrue();
    assertThat(used("two", profile, 1)).isFalse();
    assertThat(used("two", profile, 2)).isTrue();
    assertThat(used("one", profile, 3)).isTrue();
    assertThat(used("four", profile, 24)).isFalse();
  }

  private static boolean used(String password, LoginProfile profile, int forbidden) {
    return Pbkdf2.used(password, Pbkdf2.derive(password, profile.salt(), 1002), profile, forbidden);
  }

  @Test
  void keepsNoMoreFormerPasswordsThanAPolicyCanForbid() {
    var derived = new LoginProfile.Derived(1, "00");
    var profile =
        new LoginProfile(
            "AIDA", NOW, "00", derived, NOW, List.of(), new LoginProfile.State(true, Guesses.NONE));
    for (int i = 0; i < 40; i++) {
      profile = profile.with(derived, NOW, false);
    }
    assertThat(profile.former()).hasSize(LoginProfile.MOST_FORMER);
    assertThat(profile.toString()).doesNotContain("00");
  }
}
