// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code key export FILE}: writes the root key to a file of its own. */
@Command(name = "key", description = "The root key.", subcommands = KeyCommand.Export.class)
final class KeyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return 2;
  }

  /** Without a server it works on the directory itself. */
  @Command(
      name = "export",
      description = {
        "Write the root key to a new file (mode 0600).",
        "No backup holds it, and without it no backup can be read. Keep it apart from both."
      })
  static final class Export implements Callable<Integer> {
    private final Processes processes;

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private Target target = new Target();

    @Parameters(paramLabel = "FILE", description = "A file that does not exist yet.")
    private Path file = Path.of("");

    @Option(
        names = "--root-key",
        paramLabel = "FILE",
        description = "Where the root key lies, if not in its place; only where no server runs.")
    private @Nullable Path rootKey;

    Export(Processes processes) {
      this.processes = processes;
    }

    @Override
    public Integer call() throws IOException {
      DataDir dir = target.dataDir();
      var lock = DirectoryLock.exclusive(dir);
      String text;
      if (lock.isPresent()) {
        try (var _ = lock.get()) {
          text = processes.custody().exportKey(dir.path(), rootKey, file.toAbsolutePath());
        }
      } else {
        text =
            target
                .post(
                    "/key/export", JsonObject.EMPTY.with("file", file.toAbsolutePath().toString()))
                .string("text");
      }
      spec.commandLine().getOut().println(Objects.requireNonNullElse(text, ""));
      return 0;
    }
  }
}
