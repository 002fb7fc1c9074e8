// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs;

import dev.holdfast.ecs.control.Controllers;
import dev.holdfast.ecs.state.Connections;

/** What tests in other packages see of an ECS. */
public final class EcsInside {
  private EcsInside() {}

  /** Which agents listen. */
  public static Connections connections(Ecs ecs) {
    return ecs.connections();
  }

  /** What a test has turn by a clock of its own. */
  public static Controllers controllers(Ecs ecs) {
    return ecs.controllers();
  }
}
