// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CommandWordsTest {
  private static List<String> words(String line) {
    return CommandWords.of(line).orElseThrow();
  }

  @Test
  void splitsAsAShellDoes() {
    assertThat(words("/bin/sh")).containsExactly("/bin/sh");
    assertThat(words("  sh   -c 'ls -l | wc'  ")).containsExactly("sh", "-c", "ls -l | wc");
    assertThat(words("echo \"a \\\"b\\\" \\n\" c\\ d ''"))
        .containsExactly("echo", "a \"b\" \\n", "c d", "");
    assertThat(words("a'b'\"c\"")).containsExactly("abc");
    assertThat(words("echo '$HOME' 'it'\\''s'")).containsExactly("echo", "$HOME", "it's");
    assertThat(words("")).isEmpty();
  }

  @Test
  void refusesWhatIsLeftOpen() {
    assertThat(CommandWords.of("echo 'a")).isEmpty();
    assertThat(CommandWords.of("echo \"a")).isEmpty();
    assertThat(CommandWords.of("echo a\\")).isEmpty();
  }
}
