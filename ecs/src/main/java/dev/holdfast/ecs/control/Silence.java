// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.state.Connections;
import dev.holdfast.ecs.state.Hosts;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * For how long agents have not been heard. Counted from this process's start at the earliest, so
 * that nobody is taken for lost who has had no time to come back. Used by one thread.
 */
final class Silence {
  /** After so long the tasks of an instance are started elsewhere. */
  static final Duration LOST = Duration.ofSeconds(90);

  private final Connections connections;
  private final Map<String, Instant> since = new HashMap<>();

  Silence(Connections connections) {
    this.connections = connections;
  }

  /** Whether nobody has heard of the instance for long; to be asked again and again. */
  boolean lost(ContainerInstance instance, Instant now) {
    String name = Hosts.stream(instance);
    if (connections.connected(name)) {
      since.remove(name);
      return false;
    }
    return !since.computeIfAbsent(name, _ -> now).plus(LOST).isAfter(now);
  }
}
