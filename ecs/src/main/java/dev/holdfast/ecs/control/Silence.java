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
 * For how long agents have not been heard. Counted from this process's start at the earliest, and
 * never without a moment in which an agent could have come back: nobody is taken for lost who has
 * had no time to. Used by one thread.
 */
final class Silence {
  /** After so long the tasks of an instance are started elsewhere. */
  static final Duration LOST = Duration.ofSeconds(90);

  /** The time to come back, where it was this process that heard nothing. */
  static final Duration MOMENT = Duration.ofSeconds(10);

  private final Connections connections;
  private final Map<String, Instant> gone = new HashMap<>();

  Silence(Connections connections) {
    this.connections = connections;
  }

  /** Whether the instance's agent does not listen now. */
  boolean quiet(ContainerInstance instance) {
    return !connections.connected(Hosts.stream(instance));
  }

  /** Whether nobody has heard of the instance for long; to be asked again and again. */
  boolean lost(ContainerInstance instance, Instant now) {
    String name = Hosts.stream(instance);
    if (connections.connected(name)) {
      gone.remove(name);
      return false;
    }
    Instant ended = gone.computeIfAbsent(name, _ -> now);
    Instant heard = connections.silentSince(name).filter(at -> at.isBefore(ended)).orElse(ended);
    return !heard.plus(LOST).isAfter(now) && !ended.plus(MOMENT).isAfter(now);
  }
}
