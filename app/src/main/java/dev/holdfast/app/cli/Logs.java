// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code logs TASK}: what a task's containers wrote. */
@Command(name = "logs", description = "Show what a task's containers wrote.")
final class Logs implements Callable<Integer> {
  @Mixin private Target target = new Target();

  @Parameters(paramLabel = "TASK", description = "A task id or ARN.")
  private String task = "";

  @Option(
      names = {"-f", "--follow"},
      description = "Go on as the containers write more.")
  private boolean follow;

  @Override
  public Integer call() {
    PrintStream out = System.out;
    target.stream("/logs?task=" + Explain.encode(task) + "&follow=" + follow, out);
    out.flush();
    return 0;
  }
}
