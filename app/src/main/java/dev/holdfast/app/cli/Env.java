// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code env}: shell lines that point AWS clients at the platform as its local operator. */
@Command(
    name = "env",
    description = {
      "Print shell lines for AWS clients: eval \"$(./holdfast env)\"",
      "They name the platform's address and hold a session of its local operator (12 hours)."
    })
final class Env implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Target target = new Target();

  @Override
  public Integer call() throws IOException {
    DataDir dir = target.dataDir();
    var lines = new ArrayList<>(exports(target.get("/credentials"), System.getenv()));
    String searchPath = System.getenv().getOrDefault("PATH", "");
    var aws = AwsCli.find(searchPath, dir.binDir());
    if (aws.isPresent() && !aws.get().knowsEndpointUrl()) {
      AwsCli.writeWrapper(dir.binDir());
      lines.addAll(pathLine(dir.binDir(), searchPath));
      PrintWriter err = spec.commandLine().getErr();
      err.println(
          "holdfast: aws "
              + aws.get().version()
              + " does not read AWS_ENDPOINT_URL; "
              + dir.binDir()
              + "/aws, now first on the PATH, passes --endpoint-url to it");
      err.flush();
    }
    PrintWriter out = spec.commandLine().getOut();
    lines.forEach(out::println);
    out.flush();
    return 0;
  }

  /** The export lines for a {@code GET /credentials} document. */
  static List<String> exports(JsonObject credentials, Map<String, String> environment) {
    String asked = environment.getOrDefault("AWS_REGION", "");
    String region = asked.isBlank() ? need(credentials, "Region") : asked.strip();
    return List.of(
        Shell.export("AWS_ENDPOINT_URL", need(credentials, "EndpointUrl")),
        Shell.export("AWS_REGION", region),
        Shell.export("AWS_DEFAULT_REGION", region),
        Shell.export("AWS_ACCESS_KEY_ID", need(credentials, "AccessKeyId")),
        Shell.export("AWS_SECRET_ACCESS_KEY", need(credentials, "SecretAccessKey")),
        Shell.export("AWS_SESSION_TOKEN", need(credentials, "SessionToken")));
  }

  private static String need(JsonObject credentials, String name) {
    String text = credentials.string(name);
    if (text == null) {
      throw new CliFailure("the platform's answer lacks " + name);
    }
    return text;
  }

  /** The line that puts a folder first on the PATH; none where it is first already. */
  static List<String> pathLine(Path folder, String searchPath) {
    return searchPath.startsWith(folder + File.pathSeparator)
        ? List.of()
        : List.of("export PATH=" + Shell.quote(folder.toString()) + ":\"$PATH\"");
  }
}
