// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli.rules;

import dev.holdfast.app.cli.Target;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code quota [NAME N]}: how many users, roles and so on there may be. */
@Command(
    name = "quota",
    description = {
      "List the quotas of IAM, or set one: ./holdfast quota RolesPerAccount 10000",
      "They begin as AWS's are. One that is lowered takes nothing away; the audit records who set it."
    },
    footer = "Exit codes: 0 done, 1 failed, 2 wrong usage.")
public final class QuotaCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Target target = new Target();

  @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "The quota.")
  private @Nullable String name;

  @Parameters(index = "1", arity = "0..1", paramLabel = "N", description = "How many.")
  private @Nullable Long most;

  @Override
  public Integer call() {
    if (name != null && most == null) {
      throw new ParameterException(spec.commandLine(), "say how many: ./holdfast quota NAME N");
    }
    JsonObject answer =
        name == null || most == null
            ? target.get("/quotas")
            : target.post("/quotas", JsonObject.EMPTY.with("name", name).with("most", most));
    PrintWriter out = spec.commandLine().getOut();
    for (JsonObject quota : Said.objects(answer, "quotas")) {
      if (name == null || name.equals(quota.string("name"))) {
        out.println(
            "%-26s %7d   (AWS: %d, at most %d)"
                .formatted(
                    Said.text(quota, "name"),
                    Said.number(quota, "most"),
                    Said.number(quota, "usual"),
                    Said.number(quota, "highest")));
      }
    }
    out.flush();
    return 0;
  }
}
