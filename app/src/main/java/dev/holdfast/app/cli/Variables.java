// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import dev.holdfast.kit.Spelling;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The environment variables that Holdfast reads; a misspelt one would be ignored in silence. */
final class Variables {
  /** Those for people; the launcher's own and the tests' follow below. */
  static final List<String> KNOWN =
      List.of(
          "HOLDFAST_HEAP",
          "HOLDFAST_AGENT_HEAP",
          "HOLDFAST_JAVA_HOME",
          "HOLDFAST_NO_BUILD",
          "HOLDFAST_DEBUG",
          "HOLDFAST_DATA",
          "HOLDFAST_HOME",
          "HOLDFAST_IMAGE",
          "HOLDFAST_BUILD_LOCKED",
          "HOLDFAST_LONG");

  private static final String TESTS = "HOLDFAST_TEST_";

  private Variables() {}

  /**
   * Looks for misspelt names.
   *
   * @throws CliFailure naming the right one
   */
  static void check(Map<String, String> environment) {
    for (String name : new TreeSet<>(environment.keySet())) {
      if (!name.startsWith("HOLDFAST") || name.startsWith(TESTS) || KNOWN.contains(name)) {
        continue;
      }
      Spelling.nearest(name, KNOWN)
          .ifPresent(
              right -> {
                throw new CliFailure(
                    "there is no environment variable " + name + "; did you mean " + right + "?");
              });
    }
  }
}
