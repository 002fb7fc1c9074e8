// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulation sees each defect that is planted into what the platform keeps. */
final class SimulationDefectTest {
  private static final Simulation.Scale SMALL =
      new Simulation.Scale(12, 6, 80, Duration.ofMinutes(20), 40);

  @ParameterizedTest
  @EnumSource
  void turnsRed(DefectStore.Defect defect) {
    assertThatThrownBy(() -> new Simulation(new DefectStore(defect), 3, SMALL).run())
        .isInstanceOf(AssertionError.class);
  }
}
