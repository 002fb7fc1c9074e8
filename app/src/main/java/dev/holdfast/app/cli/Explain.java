// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import dev.holdfast.app.cli.denials.CallersView;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code explain ID}: why a call was denied. */
@Command(
    name = "explain",
    description = {
      "Explain why a call was denied.",
      "The operator is shown the policy layer, the statement, the values, and the way out. Whoever",
      "cannot reach the operator's socket is asked for by AWS_ENDPOINT_URL and AWS_ACCESS_KEY_ID,",
      "and is told of denials of the own account, with leave for sts:DecodeAuthorizationMessage."
    })
final class Explain implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Target target = new Target();

  @Parameters(paramLabel = "ID", description = "The authorization id at the end of the refusal.")
  private String id = "";

  @Override
  public Integer call() throws IOException {
    Optional<CallersView> caller = CallersView.of(System.getenv());
    String text =
        caller.isPresent() && !target.reached()
            ? caller.get().explain(id)
            : target.get("/explain/" + encode(id)).string("text");
    spec.commandLine().getOut().println(Objects.requireNonNullElse(text, "").stripTrailing());
    return 0;
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
