// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.join;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.JsonValue.JsonObject;
import org.junit.jupiter.api.Test;

class JoinedWordsTest {
  /** What a platform calls this machine is kept, and printed at each start. */
  @Test
  void whatAPlatformSaysDoesNothingToATerminal() {
    JsonObject words =
        JoinedMachine.words(
            JsonObject.EMPTY
                .with("name", "north\u001b]0;owned\u0007\nhost: forged")
                .with("registry", "127.0.0.1:4588")
                .with("SecretAccessKey", "secret"));
    assertThat(words.string("name")).startsWith("north").doesNotContain("\u001b", "\u0007", "\n");
    assertThat(words.string("registry")).isEqualTo("127.0.0.1:4588");
    assertThat(words.string("SecretAccessKey")).isNull();
  }
}
