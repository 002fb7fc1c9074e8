// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class ListenTest {
  @Command(name = "up")
  private static final class Start {
    @Mixin private StartOptions start = new StartOptions();
  }

  private static ServerOptions parsed(String... words) {
    var start = new Start();
    var _ = new CommandLine(start).parseArgs(words);
    return start.start.options(new DataDir(Path.of("/tmp/none")));
  }

  @Test
  void listensOnLoopbackAlone() {
    assertThat(parsed().listen()).isEqualTo(Listen.loopback("127.0.0.1", 4566));
  }

  @Test
  void speaksTlsOnEveryOtherAddress() {
    Listen listen =
        parsed(
                "--bind",
                "127.0.0.2,192.0.2.1",
                "--bind",
                "[2001:db8::1]:443",
                "--name",
                "a.example")
            .listen();
    assertThat(listen.bind()).isEqualTo("127.0.0.2");
    assertThat(listen.outward())
        .containsExactly(
            new Listen.Address("192.0.2.1", 4567), new Listen.Address("2001:db8::1", 443));
    assertThat(listen.names()).containsExactly("a.example");
  }

  @Test
  void saysTheSameToTheServer() {
    ServerOptions options =
        parsed("--bind", "::1", "--bind", "0.0.0.0:1", "--bind", "2001:db8::1", "--name", "x");
    var words = new ArrayList<>(StartOptions.words(options));
    words.subList(0, 2).clear(); // the data directory
    assertThat(parsed(words.toArray(String[]::new)).listen()).isEqualTo(options.listen());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "192.0.2.1:70000", "127.0.0.1:80", "127.0.0.1,127.0.0.2", "[192.0.2.1", "a b"})
  void refusesWhatIsNoAddress(String bind) {
    assertThatThrownBy(() -> parsed("--bind", bind))
        .isInstanceOf(CommandLine.ParameterException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", "a..b", "*.example", "a:1"})
  void refusesWhatIsNoName(String name) {
    assertThatThrownBy(() -> parsed("--name", name))
        .isInstanceOf(CommandLine.ParameterException.class);
  }

  @Test
  void readsOneLineOfAJoinCode() throws IOException {
    for (String given : List.of("code", "code\n", " code \nmore")) {
      var in = new ByteArrayInputStream(given.getBytes(StandardCharsets.US_ASCII));
      assertThat(HostCommand.Join.line(in)).isEqualTo("code");
    }
  }
}
