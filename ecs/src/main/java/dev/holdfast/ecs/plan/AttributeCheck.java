// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import java.util.Optional;
import java.util.regex.Pattern;

/** What the attributes of a container instance may be called, and hold. Pure. */
public final class AttributeCheck {
  /** The most that are put beside those of an agent. */
  public static final int MOST = 10;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_./\\\\-]{1,128}");
  private static final Pattern VALUE =
      Pattern.compile("[A-Za-z0-9_.@:/\\\\-]([A-Za-z0-9_.@:/\\\\ -]{0,126}[A-Za-z0-9_.@:/\\\\-])?");

  private AttributeCheck() {}

  /**
   * What is wrong with an attribute that somebody puts, or empty.
   *
   * @param value empty for none
   */
  public static Optional<String> fault(String name, String value) {
    if (!NAME.matcher(name).matches()) {
      return Optional.of("The attribute name '" + name + "' is not valid.");
    }
    if (name.startsWith("ecs.") || name.startsWith("com.amazonaws.")) {
      return Optional.of(
          "the attribute "
              + name
              + " is its agent's own: choose a name without the prefix ecs. or com.amazonaws.");
    }
    return value.isEmpty() || VALUE.matcher(value).matches()
        ? Optional.empty()
        : Optional.of("The value of the attribute '" + name + "' is not valid.");
  }
}
