// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulation sees each defect that is planted into what the platform keeps. */
final class SimulationDefectTest {
  private static final Duration TIME = Duration.ofMinutes(20);
  private static final Simulation.Scale WIDE = new Simulation.Scale(12, 8, 150, TIME, 40);
  private static final Simulation.Scale FULL = new Simulation.Scale(3, 8, 110, TIME, 40);

  /**
   * All of them; the short form takes one of each kind: what hosts hold, what serves, what ends.
   */
  static Stream<DefectStore.Defect> defects() {
    return "simulation".equals(System.getenv("HOLDFAST_LONG"))
        ? Stream.of(DefectStore.Defect.values())
        : Stream.of(
            DefectStore.Defect.CAPACITY, DefectStore.Defect.MINIMUM, DefectStore.Defect.STOP);
  }

  @ParameterizedTest
  @MethodSource("defects")
  void turnsRed(DefectStore.Defect defect) {
    assertThatThrownBy(
            () ->
                new Simulation(
                        new DefectStore(defect),
                        3,
                        defect == DefectStore.Defect.CAPACITY ? FULL : WIDE)
                    .run())
        .isInstanceOf(AssertionError.class);
  }
}
