// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit;

import java.util.Optional;

/** A region's name. Any well-formed name is served; state belongs to the region that was signed. */
public record Region(String name) implements Text {
  private static final int LONGEST = 64;

  /** Where global services (IAM, STS) say they are. */
  public static final Region GLOBAL = new Region("us-east-1");

  public Region {
    if (!valid(name)) {
      throw new IllegalArgumentException("not a region name");
    }
  }

  public static Optional<Region> parse(String text) {
    return valid(text) ? Optional.of(new Region(text)) : Optional.empty();
  }

  /** Letters and digits, and hyphens between them. Every call asks, several times. */
  private static boolean valid(String text) {
    int last = text.length() - 1;
    if (last < 0 || last >= LONGEST || text.charAt(0) == '-' || text.charAt(last) == '-') {
      return false;
    }
    for (int i = 0; i <= last; i++) {
      char c = text.charAt(i);
      if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-') {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return name;
  }
}
