// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.plan;

import dev.holdfast.ssm.model.ParameterName;
import java.util.List;
import java.util.Optional;

/**
 * A path in which one whole level is a star, such as the levels shop, star, db-password.
 *
 * @param before the levels before the star, the empty one before the first slash included
 * @param after the levels after it
 */
public record NamePattern(List<String> before, List<String> after) {
  public NamePattern {
    before = List.copyOf(before);
    after = List.copyOf(after);
  }

  /** The pattern in a text, or empty where it is not a path with exactly one level {@code *}. */
  public static Optional<NamePattern> parse(String text) {
    List<String> levels = ParameterName.levels(text);
    int star = levels.indexOf("*");
    boolean one = text.startsWith("/") && star > 0 && text.indexOf('*') == text.lastIndexOf('*');
    return one
        ? Optional.of(
            new NamePattern(levels.subList(0, star), levels.subList(star + 1, levels.size())))
        : Optional.empty();
  }

  /** Whether a name matches; the star stands for exactly one level. */
  public boolean matches(String name) {
    List<String> levels = ParameterName.levels(name);
    int star = before.size();
    return levels.size() == star + 1 + after.size()
        && !levels.get(star).isEmpty()
        && levels.subList(0, star).equals(before)
        && levels.subList(star + 1, levels.size()).equals(after);
  }
}
