// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fsck}: checks a data directory on which no server runs. */
@Command(
    name = "fsck",
    description = {
      "Check everything in a data directory, offline.",
      "Reads every row of the state and every byte of every blob, and changes nothing unless told",
      "to. Exit code 1 where something is wrong."
    })
final class Fsck implements Callable<Integer> {
  private final Processes processes;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Target target = new Target();

  @Option(
      names = "--root-key",
      paramLabel = "FILE",
      description = "Where the root key lies (default: the place that the directory names).")
  private @Nullable Path rootKey;

  @ArgGroup(exclusive = true)
  private Changes changes = new Changes();

  /** What may be changed; at most one of the two. */
  static final class Changes {
    @Option(
        names = "--repair",
        description =
            "Mend what is right without doubt: modes, indexes, installation.json; set damaged blobs"
                + " aside.")
    boolean repair;

    @Option(
        names = "--accept-loss",
        description =
            "Give up what cannot be read of a damaged state, so that the rest can be used. Keeps"
                + " copies of the files that it changes.")
    boolean acceptLoss;

    CheckOptions.Mode mode() {
      return acceptLoss
          ? CheckOptions.Mode.ACCEPT_LOSS
          : repair ? CheckOptions.Mode.REPAIR : CheckOptions.Mode.LOOK;
    }
  }

  Fsck(Processes processes) {
    this.processes = processes;
  }

  @Override
  public Integer call() throws IOException {
    DataDir dir = target.dataDir();
    if (!Files.isDirectory(dir.path())) {
      throw new CliFailure("there is no directory " + dir.path());
    }
    if (!Files.isDirectory(dir.runDir())) {
      return check(dir); // no server ever ran here, or none can
    }
    Optional<DirectoryLock> lock = DirectoryLock.tryAcquire(dir.lockFile());
    try (DirectoryLock _ = lock.orElseThrow(() -> ServerProcess.taken(dir))) {
      return check(dir);
    }
  }

  private int check(DataDir dir) throws IOException {
    CheckReport report =
        processes.check(
            new CheckOptions(
                dir.path(), rootKey == null ? null : rootKey.toAbsolutePath(), changes.mode()));
    PrintWriter out = spec.commandLine().getOut();
    out.println(report.looked());
    report.findings().forEach(finding -> out.println(finding.text()));
    report.done().forEach(done -> out.println("mended  " + done));
    out.println(verdict(report));
    out.flush();
    return report.damages() == 0 ? 0 : 1;
  }

  private static String verdict(CheckReport report) {
    long damages = report.damages();
    if (damages == 0) {
      return "Nothing is wrong.";
    }
    String what = damages == 1 ? "One thing is wrong." : damages + " things are wrong.";
    return report.done().isEmpty() ? what : what + " Check again to see what is left.";
  }
}
