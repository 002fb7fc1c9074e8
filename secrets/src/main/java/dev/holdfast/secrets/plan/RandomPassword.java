// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Makes random passwords by rules.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html">GetRandomPassword</a>
 */
public final class RandomPassword {
  public static final int DEFAULT_LENGTH = 32;

  private static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
  private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final String DIGITS = "0123456789";
  private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

  /** Which kinds of characters a password has. */
  public record Kinds(
      boolean lower, boolean upper, boolean digits, boolean punctuation, boolean space) {}

  private final List<String> kinds = new ArrayList<>();
  private final int length;
  private final boolean each;

  private RandomPassword(Kinds wanted, String excluded, int length, boolean each) {
    this.length = length;
    this.each = each;
    add(wanted.lower(), LOWER, excluded);
    add(wanted.upper(), UPPER, excluded);
    add(wanted.digits(), DIGITS, excluded);
    add(wanted.punctuation(), PUNCTUATION, excluded);
    add(wanted.space(), " ", excluded);
  }

  private void add(boolean wanted, String all, String excluded) {
    if (wanted) {
      var rest = new StringBuilder();
      all.chars().filter(c -> excluded.indexOf(c) < 0).forEach(c -> rest.append((char) c));
      if (!rest.isEmpty()) {
        kinds.add(rest.toString());
      }
    }
  }

  /**
   * The rules for a password.
   *
   * @param excluded characters that must not occur
   * @param each whether each kind must occur
   */
  public static RandomPassword of(Kinds wanted, String excluded, int length, boolean each) {
    return new RandomPassword(wanted, excluded, length, each);
  }

  /** Why no password is like that, or empty. */
  public Optional<String> fault() {
    if (kinds.isEmpty()) {
      return Optional.of("No characters are left to make a password of: exclude fewer of them.");
    }
    return each && length < kinds.size()
        ? Optional.of("Password length is too short based on the required types.")
        : Optional.empty();
  }

  /** A password: where each kind must occur, one of each first, in places drawn after. */
  public String draw(RandomGenerator random) {
    String all = String.join("", kinds);
    var characters = new ArrayList<Character>();
    if (each) {
      kinds.forEach(kind -> characters.add(kind.charAt(random.nextInt(kind.length()))));
    }
    while (characters.size() < length) {
      characters.add(all.charAt(random.nextInt(all.length())));
    }
    var text = new StringBuilder();
    while (!characters.isEmpty()) {
      text.append(characters.remove(random.nextInt(characters.size())));
    }
    return text.toString();
  }
}
