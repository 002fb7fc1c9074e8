// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.session.ChannelMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a platform says to end a session, when it is not the one that we know. */
class ExecSessionClientTest {
  private static ChannelMessage closed(String text) {
    return new ChannelMessage(
        ChannelMessage.CLOSED, 0, 0, 0, new UUID(1, 2), 0, text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 5, 8})
  void anExitCodeIsFourBytes(int length) throws IOException {
    assertThatThrownBy(() -> ExecSessionClient.exitCode(new byte[length]))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("exit code");
    assertThat(ExecSessionClient.exitCode(new byte[] {0, 0, 0, 7})).isEqualTo(7);
  }

  @Test
  void theWordsOfAnEndDoNothingToATerminal() {
    assertThatThrownBy(
            () -> ExecSessionClient.ended(closed("{\"Output\":\"no\\u001b[2J\\nmore\"}"), null))
        .isInstanceOf(CliFailure.class)
        .satisfies(e -> assertThat(e.getMessage()).startsWith("no").doesNotContain("\u001b", "\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "\"x\""})
  void anEndWithoutWordsIsAFailure(String text) throws IOException {
    assertThatThrownBy(() -> ExecSessionClient.ended(closed(text), null))
        .isInstanceOf(IOException.class);
    assertThat(ExecSessionClient.ended(closed(text), 3)).isEqualTo(3);
    assertThat(ExecSessionClient.ended(closed("{}"), null)).isZero();
  }
}
