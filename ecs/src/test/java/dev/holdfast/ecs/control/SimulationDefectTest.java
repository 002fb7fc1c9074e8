// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulation sees each defect that is planted into what the platform keeps. */
final class SimulationDefectTest {
  private static final Duration TIME = Duration.ofMinutes(20);
  private static final Simulation.Scale WIDE = new Simulation.Scale(12, 8, 150, TIME, 40);
  private static final Simulation.Scale FULL = new Simulation.Scale(3, 8, 110, TIME, 40);

  @ParameterizedTest
  @EnumSource
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
