// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit;

import java.util.Optional;
import java.util.random.RandomGenerator;

/** An AWS account: twelve digits. */
public record AccountId(String digits) implements Text {
  public AccountId {
    if (!valid(digits)) {
      throw new IllegalArgumentException("not an account id");
    }
  }

  public static Optional<AccountId> parse(String text) {
    return valid(text) ? Optional.of(new AccountId(text)) : Optional.empty();
  }

  /** A fresh id; the first digit is never 0, so the id survives tools that read numbers. */
  public static AccountId random(RandomGenerator random) {
    return new AccountId(Long.toString(random.nextLong(100_000_000_000L, 1_000_000_000_000L)));
  }

  private static boolean valid(String text) {
    if (text.length() != 12) {
      return false;
    }
    for (int i = 0; i < 12; i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return digits;
  }
}
