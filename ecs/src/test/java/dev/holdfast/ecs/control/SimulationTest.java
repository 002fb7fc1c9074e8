// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.store.memory.MemoryStore;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The real scheduler, controllers and store among hosts and services that fail in every way. */
final class SimulationTest {
  private static final System.Logger LOG = System.getLogger("simulation");
  private static final boolean LONG = "simulation".equals(System.getenv("HOLDFAST_LONG"));
  private static final long SEED = Long.getLong("seed", 1);

  private static final Simulation.Scale SHORT =
      new Simulation.Scale(16, 6, 90, Duration.ofMinutes(25), 40);

  private static final Simulation.Scale DAY =
      new Simulation.Scale(1_000, 200, 10_000, Duration.ofDays(1), 1);

  @Test
  void everyServiceComesThroughAllThatFails() {
    Simulation.Scale scale = LONG ? DAY : SHORT;
    long start = System.nanoTime();
    SimLedger ledger = new Simulation(new MemoryStore(1 << 20), SEED, scale).run();
    LOG.log(
        System.Logger.Level.INFO,
        "figures: simulation of {0}, seed {1}, in {2} s: {3}",
        scale,
        SEED,
        Duration.ofNanos(System.nanoTime() - start).toSeconds(),
        ledger.counts);
    assertThat(ledger.counts).containsKeys("tasks that died", "hosts cut off");
  }
}
