// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan;

import dev.holdfast.iam.model.PasswordRules;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a password is one that an account takes, in AWS's words.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html">Password
 *     policies</a>
 */
public final class PasswordCheck {
  private static final String SYMBOLS = "!@#$%^&*()_+-=[]{}|'";
  private static final int DEFAULT_LENGTH = 8;
  private static final int DEFAULT_KINDS = 3;
  private static final int LONGEST = 128;

  private PasswordCheck() {}

  /** A kind of characters. */
  private enum Kind {
    UPPER("Password should have at least one uppercase letter"),
    LOWER("Password should have at least one lowercase letter"),
    NUMBER("Password should have at least one number"),
    SYMBOL("Password should have at least one symbol");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    boolean in(String password) {
      return password
          .chars()
          .anyMatch(
              c ->
                  switch (this) {
                    case UPPER -> c >= 'A' && c <= 'Z';
                    case LOWER -> c >= 'a' && c <= 'z';
                    case NUMBER -> c >= '0' && c <= '9';
                    case SYMBOL -> SYMBOLS.indexOf(c) >= 0;
                  });
    }
  }

  /**
   * What is wrong with a password, or empty.
   *
   * @param rules the account's own policy, or null for the one that AWS has where there is none
   * @param names what a password may not be: the account's id and alias
   */
  public static Optional<String> fault(
      String password, @Nullable PasswordRules rules, List<String> names) {
    int shortest = rules == null ? DEFAULT_LENGTH : rules.length();
    if (password.length() < shortest) {
      return Optional.of("Password should have a minimum length of " + shortest);
    }
    if (password.length() > LONGEST) {
      return Optional.of("Password should have a maximum length of " + LONGEST);
    }
    return rules == null ? byDefault(password, names) : kinds(password, rules);
  }

  private static Optional<String> byDefault(String password, List<String> names) {
    if (names.stream().anyMatch(password::equalsIgnoreCase)) {
      return Optional.of("Password should not be the name of the account");
    }
    List<String> missing = missing(password, List.of(Kind.values()));
    int more = DEFAULT_KINDS - (Kind.values().length - missing.size());
    return more <= 0
        ? Optional.empty()
        : Optional.of(
            "Password should meet "
                + more
                + " more of the following requirements: "
                + String.join(", ", missing));
  }

  private static Optional<String> kinds(String password, PasswordRules rules) {
    PasswordRules.Characters wanted = rules.characters();
    var kinds = new ArrayList<Kind>();
    if (wanted.upper()) {
      kinds.add(Kind.UPPER);
    }
    if (wanted.lower()) {
      kinds.add(Kind.LOWER);
    }
    if (wanted.numbers()) {
      kinds.add(Kind.NUMBER);
    }
    if (wanted.symbols()) {
      kinds.add(Kind.SYMBOL);
    }
    List<String> missing = missing(password, kinds);
    return missing.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", missing));
  }

  private static List<String> missing(String password, List<Kind> kinds) {
    return kinds.stream().filter(kind -> !kind.in(password)).map(kind -> kind.text).toList();
  }

  /** When a password ends that was set at an instant; empty where passwords do not end. */
  public static Optional<Instant> end(@Nullable PasswordRules rules, Instant set) {
    return rules == null || rules.maxAge() == 0
        ? Optional.empty()
        : Optional.of(set.plus(Duration.ofDays(rules.maxAge())));
  }

  /** Whether nobody but an administrator may set another password any more. */
  public static boolean shut(@Nullable PasswordRules rules, Instant set, Instant now) {
    return rules != null
        && Boolean.TRUE.equals(rules.hardExpiry())
        && end(rules, set).filter(end -> !now.isBefore(end)).isPresent();
  }
}
