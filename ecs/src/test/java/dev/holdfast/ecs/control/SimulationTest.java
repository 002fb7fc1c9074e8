// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.store.memory.MemoryStore;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The real scheduler, controllers and store among hosts and services that fail in every way. */
final class SimulationTest {
  private static final boolean LONG = "simulation".equals(System.getenv("HOLDFAST_LONG"));
  private static final long SEED = Long.getLong("seed", 1);

  private static final Simulation.Scale SHORT =
      new Simulation.Scale(100, 20, 800, Duration.ofHours(1), 8);

  private static final Simulation.Scale DAY =
      new Simulation.Scale(1_000, 200, 10_000, Duration.ofDays(1), 1);

  @Test
  void everyServiceComesThroughAllThatFails() {
    Simulation.Scale scale = LONG ? DAY : SHORT;
    long start = System.nanoTime();
    SimLedger ledger = new Simulation(new MemoryStore(1 << 20), SEED, scale).run();
    System.out.println(
        "figures: simulation of "
            + scale
            + ", seed "
            + SEED
            + ", in "
            + Duration.ofNanos(System.nanoTime() - start).toSeconds()
            + " s: "
            + ledger.counts);
    assertThat(ledger.counts).containsKeys("tasks that died", "hosts cut off");
  }
}
