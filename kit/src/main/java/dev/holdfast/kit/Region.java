// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit;

import java.util.Optional;
import java.util.regex.Pattern;

/** A region's name. Any well-formed name is served; state belongs to the region that was signed. */
public record Region(String name) implements Text {
  private static final Pattern NAME = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?");

  /** Where global services (IAM, STS) say they are. */
  public static final Region GLOBAL = new Region("us-east-1");

  public Region {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not a region name");
    }
  }

  public static Optional<Region> parse(String text) {
    return NAME.matcher(text).matches() ? Optional.of(new Region(text)) : Optional.empty();
  }

  @Override
  public String toString() {
    return name;
  }
}
