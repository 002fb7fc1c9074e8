// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import dev.holdfast.kit.JsonValue.JsonObject;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code audit verify}: whether the audit trail is whole. */
@Command(name = "audit", description = "The audit trail.", subcommands = AuditCommand.Verify.class)
final class AuditCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return 2;
  }

  /** Walks the hash chain; exit code 1 where a record was changed or is missing. */
  @Command(
      name = "verify",
      description = {
        "Check the audit trail.",
        "Walks the hash chain over every record; exit code 1 where one was changed or is gone."
      })
  static final class Verify implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private Target target = new Target();

    @Override
    public Integer call() {
      JsonObject verdict = target.post("/audit/verify", JsonObject.EMPTY);
      String text = Objects.requireNonNullElse(verdict.string("text"), "").stripTrailing();
      spec.commandLine().getOut().println(text);
      return verdict.isTrue("ok") ? 0 : 1;
    }
  }
}
