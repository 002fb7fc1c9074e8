// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContainerEnvironmentTest {
  @Test
  void refusesWhatTheEngineWouldQuoteAndNeverTellsAValue() {
    assertThatCode(() -> ContainerEnvironment.check(Map.of("A", ""))).doesNotThrowAnyException();
    for (String name : List.of("", "A=B", "A\0B")) {
      assertThatThrownBy(() -> ContainerEnvironment.check(Map.of(name, "secret")))
          .hasMessageContaining("environment variable")
          .hasMessageNotContaining("secret");
    }
    assertThatThrownBy(() -> ContainerEnvironment.check(Map.of("A", "secret\0")))
        .hasMessageContaining("`A` holds a NUL")
        .hasMessageNotContaining("secret");
  }

  @Test
  void blotsSecretsOutOfTheEnginesWords() {
    assertThat(ContainerEnvironment.masked("bad: \"X=hunter22\"", List.of("hunter22", "a")))
        .isEqualTo("bad: \"X=***\"");
  }
}
