// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code task explain ARN}: what the platform resolved for a task. */
@Command(
    name = "task",
    description = "Look into a task.",
    subcommands = TaskCommand.ExplainTask.class)
final class TaskCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return 2;
  }

  /** Lists environment, image digest and the parameter version of each variable, never values. */
  @Command(
      name = "explain",
      description = {
        "Show what a task was given.",
        "Its environment, its image digest, and which parameter version each variable got;",
        "never a value."
      })
  static final class ExplainTask implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private Target target = new Target();

    @Parameters(paramLabel = "TASK", description = "A task id or ARN.")
    private String task = "";

    @Override
    public Integer call() {
      String text = target.get("/tasks/explain?task=" + Explain.encode(task)).string("text");
      spec.commandLine().getOut().println(Objects.requireNonNullElse(text, "").stripTrailing());
      return 0;
    }
  }
}
