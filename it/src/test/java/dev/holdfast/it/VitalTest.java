// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.app.TestPlatform;
import dev.holdfast.service.Vital;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What goes on while the disk is full is served at all, so that no name there is a slip. */
class VitalTest {
  @Test
  void namesServedOperationsOnly() throws Exception {
    var served = new TreeSet<String>();
    try (TestPlatform platform = TestPlatform.start()) {
      platform
          .catalog()
          .operations()
          .forEach(o -> served.add(o.model().service().name() + ":" + o.model().name()));
    }
    assertThat(served).containsAll(Vital.OPERATIONS);
    assertThat(Vital.OPERATIONS).contains("ecs:StopTask", "iam:DeleteAccessKey");
    assertThat(Vital.OPERATIONS).noneMatch(o -> o.contains(":Create") || o.contains(":Put"));
  }
}
