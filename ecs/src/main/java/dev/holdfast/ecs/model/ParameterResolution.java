// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.model;

import java.util.List;

/** What a secret's {@code valueFrom} means in one state of Parameter Store. */
public sealed interface ParameterResolution {
  /** One version of one parameter. */
  record Exact(FoundParameter parameter) implements ParameterResolution {}

  /** No parameter; the text says what was looked at. */
  record None(String text) implements ParameterResolution {}

  /** Several parameters, where one must remain. */
  record Several(List<String> names) implements ParameterResolution {
    public Several {
      names = List.copyOf(names);
    }
  }
}
