// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code logs TASK}: what a task's containers wrote. */
@Command(
    name = "logs",
    description = {
      "Show what a task's containers wrote.",
      "What would act on a terminal is written out; --raw shows each byte as it was written."
    })
final class Logs implements Callable<Integer> {
  @Mixin private Target target = new Target();

  @Parameters(paramLabel = "TASK", description = "A task id or ARN.")
  private String task = "";

  @Option(
      names = {"-f", "--follow"},
      description = "Go on as the containers write more.")
  private boolean follow;

  @Option(names = "--raw", description = "Write bytes as they are; for files, not for terminals.")
  private boolean raw;

  @Override
  public Integer call() throws IOException {
    OutputStream out = raw ? System.out : PrintableWriter.over(System.out);
    target.stream("/logs?task=" + Explain.encode(task) + "&follow=" + follow, out);
    out.flush();
    return 0;
  }
}
