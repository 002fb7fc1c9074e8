// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.PlacementConstraint;
import dev.holdfast.aws.ecs.PlacementStrategy;
import dev.holdfast.ecs.plan.PlacementRule;
import dev.holdfast.ecs.state.Launcher;
import java.util.List;

/** Placement constraints and strategies as requests give them. */
final class PlacementWire {
  private static final int MAX_CONSTRAINTS = 10;
  private static final int MAX_STRATEGIES = 5;

  private PlacementWire() {}

  static Launcher.Rules rules(
      List<PlacementConstraint> constraints, List<PlacementStrategy> strategies) {
    if (constraints.size() > MAX_CONSTRAINTS) {
      throw EcsError.INVALID_PARAMETER.because(
          "placementConstraints has at most %d items", MAX_CONSTRAINTS);
    }
    if (strategies.size() > MAX_STRATEGIES) {
      throw EcsError.INVALID_PARAMETER.because(
          "placementStrategy has at most %d items", MAX_STRATEGIES);
    }
    try {
      return new Launcher.Rules(
          constraints.stream()
              .map(c -> PlacementRule.constraint(c.type(), c.expression()))
              .toList(),
          strategies.stream().map(s -> PlacementRule.strategy(s.type(), s.field())).toList());
    } catch (IllegalArgumentException e) {
      throw EcsError.INVALID_PARAMETER.because("%s", String.valueOf(e.getMessage()));
    }
  }
}
