// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.port.Clocks;
import dev.holdfast.ecs.state.Connections;
import dev.holdfast.ecs.state.Hosts;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * For how long agents have not been heard, by the monotonic clock. Counted from this process's
 * start at the earliest, and never without a moment in which an agent could have come back: nobody
 * is taken for lost who has had no time to. Nor is anybody whom our own clock may keep away: after
 * a leap ahead that is not believed, agents are refused who sign by theirs. Used by one thread.
 */
final class Silence {
  /** After so long the tasks of an instance are started elsewhere. */
  static final Duration LOST = Duration.ofSeconds(90);

  /** The time to come back, where it was this process that heard nothing. */
  static final Duration MOMENT = Duration.ofSeconds(10);

  private final Connections connections;
  private final Clocks clocks;
  private final Leap leap;

  /** When it was seen first that an agent does not listen. */
  private final Map<String, Long> gone = new HashMap<>();

  /** Taken for lost, until they are back. */
  private final Set<String> lost = new HashSet<>();

  /** Let in since the clock has leapt: they can come back. */
  private final Set<String> back = new HashSet<>();

  Silence(Connections connections, Clocks clocks) {
    this.connections = connections;
    this.clocks = clocks;
    this.leap = new Leap(clocks);
  }

  /** Looks at the clocks; to be called before it is asked who is lost. */
  void look() {
    leap.look();
    if (leap.since().isEmpty()) {
      back.clear();
    }
  }

  /** Whether the instance's agent does not listen now. */
  boolean quiet(ContainerInstance instance) {
    return !connections.connected(Hosts.stream(instance));
  }

  /** Whether nobody has heard of the instance for long; to be asked again and again. */
  boolean lost(ContainerInstance instance) {
    String name = Hosts.stream(instance);
    OptionalLong open = connections.openSince(name);
    if (open.isPresent()) {
      gone.remove(name);
      lost.remove(name);
      if (leap.since().isPresent() && open.getAsLong() - leap.since().getAsLong() > 0) {
        back.add(name);
      }
      return false;
    }
    if (lost.contains(name)) {
      return true;
    }
    long now = clocks.nanos().getAsLong();
    long ended = gone.computeIfAbsent(name, _ -> now);
    long heard = ended + Math.min(0, connections.silentSince(name).orElse(ended) - ended);
    boolean over = now - heard >= LOST.toNanos() && now - ended >= MOMENT.toNanos();
    if (over && (leap.since().isEmpty() || back.contains(name))) {
      lost.add(name);
    }
    return lost.contains(name);
  }
}
