// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code restore TARGET}: makes a data directory of a backup. */
@Command(
    name = "restore",
    description = {
      "Make a data directory of a backup.",
      "Sessions and tokens of before are void, access keys wait to be confirmed (./holdfast keys),",
      "and tasks that ran on the old host are STOPPED."
    })
final class RestoreCommand implements Callable<Integer> {
  private final Processes processes;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "TARGET", description = "The folder that ./holdfast backup wrote to.")
  private Path folder = Path.of("");

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      required = true,
      description = "The data directory to make: a new or an empty one.")
  private Path dataDir = Path.of("");

  @Option(
      names = "--root-key",
      paramLabel = "FILE",
      required = true,
      description = "The root key, as ./holdfast key export wrote it.")
  private Path rootKey = Path.of("");

  @Option(
      names = "--backup",
      paramLabel = "ID",
      description = "Which backup of the folder (default: the newest).")
  private @Nullable String cut;

  @Option(names = "--help", usageHelp = true, description = "Show this text.")
  boolean help;

  RestoreCommand(Processes processes) {
    this.processes = processes;
  }

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    String text =
        processes
            .custody()
            .restore(
                folder.toAbsolutePath(),
                cut,
                dataDir.toAbsolutePath(),
                rootKey.toAbsolutePath(),
                line -> {
                  err.println(line);
                  err.flush();
                });
    spec.commandLine().getOut().println(text);
    return 0;
  }
}
