// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm;

import dev.holdfast.kit.Arn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@code valueFrom} of a container secret means now. */
public sealed interface Resolution {

  /**
   * One version of one parameter.
   *
   * @param environment its tag {@code environment}, or null where it has none
   */
  record Exact(String name, long version, Arn arn, @Nullable String environment)
      implements Resolution {}

  /**
   * No parameter.
   *
   * @param text why, what was looked at, and the way out
   */
  record None(String text) implements Resolution {}

  /**
   * Several parameters.
   *
   * @param names of all that match and carry the environment, in order
   */
  record Ambiguous(List<String> names) implements Resolution {
    public Ambiguous {
      names = List.copyOf(names);
    }
  }
}
