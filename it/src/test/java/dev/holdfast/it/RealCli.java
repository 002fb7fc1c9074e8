// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The AWS CLI of PyPI, release 1, in one process of its own: many commands, one start. */
final class RealCli implements AutoCloseable {

  /** What a command ended with. */
  record Said(String words, long code, String out, String err) {}

  private final Process process;
  private final BufferedReader out;
  private final Writer in;

  private RealCli(Process process) {
    this.process = process;
    this.out = process.inputReader(StandardCharsets.UTF_8);
    this.in = process.outputWriter(StandardCharsets.UTF_8);
  }

  /** The Python that has the CLI; empty where none has. */
  static Optional<String> python() throws IOException, InterruptedException {
    String script = Objects.requireNonNullElse(System.getenv("HOLDFAST_TEST_AWS_PYPI"), "");
    var candidates = new ArrayList<String>();
    if (!script.isEmpty()) {
      try (var lines = Files.lines(Path.of(script))) {
        lines
            .findFirst()
            .filter(first -> first.startsWith("#!/") && first.contains("python"))
            .ifPresent(first -> candidates.add(first.substring(2).strip()));
      }
    }
    candidates.add("python3");
    for (String candidate : candidates) {
      if (has(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  private static boolean has(String python) throws InterruptedException {
    try {
      Process asked =
          new ProcessBuilder(
                  python,
                  "-c",
                  "import awscli, awscli.clidriver; assert awscli.__version__.startswith('1.')")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return asked.waitFor(60, TimeUnit.SECONDS) && asked.exitValue() == 0;
    } catch (IOException _) {
      return false;
    }
  }

  /** Starts it as somebody. */
  static RealCli start(String python, URI url, Credentials credentials, String region)
      throws IOException {
    String script;
    try (var text = RealCli.class.getResourceAsStream("/cli.py")) {
      script =
          new String(Objects.requireNonNull(text, "cli.py").readAllBytes(), StandardCharsets.UTF_8);
    }
    var builder =
        new ProcessBuilder(List.of(python, "-c", script))
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("AWS_"));
    environment.put("AWS_ENDPOINT_URL", url.toString());
    environment.put("AWS_ACCESS_KEY_ID", credentials.accessKeyId());
    environment.put("AWS_SECRET_ACCESS_KEY", credentials.secretAccessKey());
    environment.put("AWS_DEFAULT_REGION", region);
    environment.put("AWS_CONFIG_FILE", "/dev/null");
    environment.put("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
    environment.put("AWS_EC2_METADATA_DISABLED", "true");
    environment.put("AWS_MAX_ATTEMPTS", "1");
    environment.put("AWS_PAGER", "");
    environment.put("NO_PROXY", "127.0.0.1,localhost");
    return new RealCli(builder.start());
  }

  /** Runs the command of an operation with an input. */
  Said run(OperationModel<?, ?> model, JsonObject input) throws IOException {
    JsonObject asked =
        JsonObject.EMPTY
            .with("service", new JsonString(model.service().name()))
            .with("operation", new JsonString(model.name()))
            .with("input", input);
    in.write(Json.text(asked) + "\n");
    in.flush();
    String line = out.readLine();
    if (line == null) {
      throw new AssertionError("the CLI ended at " + model);
    }
    JsonObject said = Json.parseObject(line);
    Long code = said.integer("code");
    return new Said(
        Harbor.text(said, "words"),
        code == null ? -1 : code,
        Harbor.text(said, "out"),
        Harbor.text(said, "err"));
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
