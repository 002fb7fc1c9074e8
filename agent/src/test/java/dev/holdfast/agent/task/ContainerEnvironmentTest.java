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

  /** Go's %q and JSON write quotes, backslashes and line ends in their own way. */
  @Test
  void blotsQuotedSecretsOutToo() {
    List<String> secrets = List.of("pa\"ss\\wo\trd\u0007", "-----BEGIN-----\nMIIEvQIBADAN\n");
    for (String text :
        List.of(
            "Go says \"pa\\\"ss\\\\wo\\trd\\a\" is bad",
            "JSON says \"pa\\\"ss\\\\wo\\trd\\u0007\" is bad",
            "a line, MIIEvQIBADAN, is bad",
            "quoted \"-----BEGIN-----\\nMIIEvQIBADAN\\n\" is bad")) {
      assertThat(ContainerEnvironment.masked(text, secrets))
          .contains("***", " is bad")
          .doesNotContain("ss", "MIIE");
    }
  }

  /** The shorter one was blotted out of the longer one first, whose end was told. */
  @Test
  void leavesNoEndOfALongerSecret() {
    assertThat(ContainerEnvironment.masked("bad: opensesame42", List.of("open", "opensesame42")))
        .isEqualTo("bad: ***");
    assertThat(ContainerEnvironment.masked("bad: opensesame42", List.of("opensesame42", "open")))
        .isEqualTo("bad: ***");
  }
}
