// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of a start, the same for {@code up} and the hidden {@code server}. */
final class StartOptions {
  static final int DEFAULT_PORT = 4566;
  static final Path ENGINE = Path.of("/var/run/docker.sock");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--profile",
      paramLabel = "PROFILE",
      description =
          "dev (guardrails teach; loopback only) or standard (guardrails are enforced). Sealed into"
              + " a new data directory; an existing one keeps its own.")
  private @Nullable String profile;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "4566",
      description = "The port that serves every API (default: ${DEFAULT-VALUE}; 0: any free one).")
  private int port = DEFAULT_PORT;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "The address to listen on (default: ${DEFAULT-VALUE}).")
  private String bind = "127.0.0.1";

  @Option(
      names = "--root-key",
      paramLabel = "FILE",
      description = "Where the root key lies (default: the profile's own place).")
  private @Nullable Path rootKey;

  @Option(
      names = "--engine",
      paramLabel = "SOCKET",
      description =
          "The container engine's unix socket (default: the one that DOCKER_HOST names, else"
              + " /var/run/docker.sock).")
  private @Nullable Path engine;

  /** What the server is told; wrong values are usage errors. */
  ServerOptions options(DataDir dir) {
    if (profile != null && !profile.equals("dev") && !profile.equals("standard")) {
      throw wrong("there is no profile `" + profile + "`; the profiles are dev and standard");
    }
    if (port < 0 || port > 65535) {
      throw wrong("a port is a number from 0 to 65535");
    }
    return new ServerOptions(
        dir.path(),
        profile,
        bind,
        port,
        region(),
        rootKey == null ? null : rootKey.toAbsolutePath(),
        engine == null ? engine(System.getenv("DOCKER_HOST")) : engine.toAbsolutePath());
  }

  /** The socket that the variable {@code DOCKER_HOST} names; other hosts than this are not ours. */
  static Path engine(@Nullable String dockerHost) {
    return dockerHost != null && dockerHost.startsWith("unix:///")
        ? Path.of(dockerHost.substring("unix://".length()))
        : ENGINE;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private static String region() {
    String named = System.getenv("AWS_REGION");
    return named == null || named.isBlank() ? "us-east-1" : named.strip();
  }

  /** The same options as words of a command line. */
  static List<String> words(ServerOptions options) {
    var words = new ArrayList<String>();
    words.addAll(List.of("--data-dir", options.dataDir().toString()));
    words.addAll(List.of("--port", Integer.toString(options.port()), "--bind", options.bind()));
    if (options.profile() != null) {
      words.addAll(List.of("--profile", options.profile()));
    }
    if (options.rootKey() != null) {
      words.addAll(List.of("--root-key", options.rootKey().toString()));
    }
    words.addAll(List.of("--engine", options.engine().toString()));
    return words;
  }
}
