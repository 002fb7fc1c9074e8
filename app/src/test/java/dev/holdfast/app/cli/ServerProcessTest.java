// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ServerProcessTest {
  /** A server that was started from a shell with a session in it kept that session for months. */
  @Test
  void whatIsStartedGetsNoSecretsOfTheShell() {
    for (String secret :
        List.of(
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "AWS_ENDPOINT_URL",
            "PASSWORD",
            "GITHUB_TOKEN",
            "SSH_AUTH_SOCK")) {
      assertThat(ServerProcess.passes(secret)).as(secret).isFalse();
    }
    for (String needed :
        List.of(
            "PATH",
            "HOME",
            "LC_ALL",
            "XDG_CONFIG_HOME",
            "HOLDFAST_HEAP",
            "JAVA_TOOL_OPTIONS",
            "DOCKER_HOST",
            "AWS_REGION")) {
      assertThat(ServerProcess.passes(needed)).as(needed).isTrue();
    }
    assertThat(ServerProcess.builder(List.of("true")).environment().keySet())
        .allMatch(ServerProcess::passes)
        .contains("PATH");
  }
}
