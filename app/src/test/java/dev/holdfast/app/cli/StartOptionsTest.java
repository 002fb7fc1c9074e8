// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class StartOptionsTest {
  @Test
  void takesTheEnginesSocketFromDockerHost() {
    assertThat(StartOptions.engine("unix:///run/user/0/docker.sock"))
        .isEqualTo(Path.of("/run/user/0/docker.sock"));
  }

  @Test
  void keepsTheUsualSocketWhereDockerHostNamesNone() {
    assertThat(StartOptions.engine(null)).isEqualTo(StartOptions.ENGINE);
    assertThat(StartOptions.engine("tcp://engine.example:2376")).isEqualTo(StartOptions.ENGINE);
  }
}
