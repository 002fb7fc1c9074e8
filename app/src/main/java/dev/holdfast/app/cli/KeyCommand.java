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

/** {@code key export FILE} and {@code key rotate}: keeps the root key, or takes a new one. */
@Command(
    name = "key",
    description = "The root key.",
    subcommands = {KeyCommand.Export.class, KeyCommand.Rotate.class})
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

  /** Without a server it works on the directory itself. */
  @Command(
      name = "rotate",
      description = {
        "Take a new root key and a new data key, while the platform runs or while it does not.",
        "The old root key is kept as FILE.previous. It opens the backups of before, and nothing that is",
        "written from then on: move it to where you keep the keys of backups, and export the new one."
      })
  static final class Rotate implements Callable<Integer> {
    private final Processes processes;

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private Target target = new Target();

    @Option(
        names = "--end-sessions",
        description =
            "Void all sessions, registry logins and pagination tokens of before, from the next"
                + " start of the platform on: for a key that somebody else may have.")
    private boolean endSessions;

    @Option(
        names = "--root-key",
        paramLabel = "FILE",
        description = "Where the root key lies, if not in its place; only where no server runs.")
    private @Nullable Path rootKey;

    Rotate(Processes processes) {
      this.processes = processes;
    }

    @Override
    public Integer call() throws IOException {
      DataDir dir = target.dataDir();
      var lock = DirectoryLock.exclusive(dir);
      String text;
      if (lock.isPresent()) {
        try (var _ = lock.get()) {
          text = processes.custody().rotateKey(dir.path(), rootKey, endSessions);
        }
      } else {
        JsonObject body =
            endSessions ? JsonObject.EMPTY.with("endSessions", true) : JsonObject.EMPTY;
        text = target.post("/key/rotate", body).string("text");
      }
      spec.commandLine().getOut().println(Objects.requireNonNullElse(text, ""));
      return 0;
    }
  }
}
