// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Region;
import java.util.random.RandomGenerator;

/**
 * Names of secrets and the ARNs they lead to.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen">Why
 *     an ARN ends with six characters</a>
 */
public final class SecretName {
  /** How many random characters follow the name in an ARN. */
  public static final int SUFFIX = 6;

  /** Stands for the random characters of a secret that is not there: policies match it. */
  public static final String ANY_SUFFIX = "?".repeat(SUFFIX);

  /** What the resource part of an ARN begins with. */
  static final String KIND = "secret:";

  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private SecretName() {}

  /** Fresh random characters, so that a secret made anew has another ARN. */
  public static String suffix(RandomGenerator random) {
    var text = new StringBuilder();
    for (int i = 0; i < SUFFIX; i++) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }

  public static Arn arn(AccountId account, Region region, String name, String suffix) {
    return Arn.of("secretsmanager", region, account, KIND + name + "-" + suffix);
  }

  /** Whether a name is of the characters that AWS allows. */
  public static boolean wellFormed(String name) {
    return !name.isEmpty()
        && name.chars().allMatch(c -> ALPHABET.indexOf(c) >= 0 || "/_+=.@-!".indexOf(c) >= 0);
  }

  /** Whether six characters could be the random ones of an ARN. */
  static boolean suffixLike(String text) {
    return text.length() == SUFFIX && text.chars().allMatch(c -> ALPHABET.indexOf(c) >= 0);
  }
}
