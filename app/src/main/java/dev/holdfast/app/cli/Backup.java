// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code backup TARGET}: a consistent copy of state and blobs, beside a running server or not. */
@Command(
    name = "backup",
    description = {
      "Back up state and blobs into a folder.",
      "A consistent cut, checked after it was written; a second backup into the same folder copies",
      "only what is new. The root key is in no backup: export it once with ./holdfast key export."
    })
final class Backup implements Callable<Integer> {
  private final Processes processes;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Target target = new Target();

  @Parameters(paramLabel = "TARGET", description = "A new folder, or one with backups in it.")
  private Path folder = Path.of("");

  @Option(
      names = "--without-key-export",
      description = "Say once that the root key is kept elsewhere already.")
  private boolean withoutKeyExport;

  @Option(
      names = "--root-key",
      paramLabel = "FILE",
      description = "Where the root key lies, if not in its place; only where no server runs.")
  private @Nullable Path rootKey;

  Backup(Processes processes) {
    this.processes = processes;
  }

  @Override
  public Integer call() throws IOException {
    DataDir dir = target.dataDir();
    PrintWriter err = spec.commandLine().getErr();
    var lock = DirectoryLock.exclusive(dir);
    String text;
    if (lock.isPresent()) {
      try (var _ = lock.get()) {
        text =
            processes
                .custody()
                .backup(
                    dir.path(),
                    rootKey,
                    folder.toAbsolutePath(),
                    withoutKeyExport,
                    line -> tell(err, line));
      }
    } else {
      text = beside(err);
    }
    spec.commandLine().getOut().println(text);
    return 0;
  }

  private static void tell(PrintWriter err, String line) {
    err.println(line);
    err.flush();
  }

  private String beside(PrintWriter err) {
    var lines = new Lines(err);
    AdminClient.Answer answer =
        target.answer(
            () ->
                target.client().stream(
                    "POST",
                    "/backup",
                    JsonObject.EMPTY
                        .with("target", folder.toAbsolutePath().toString())
                        .with("withoutKeyExport", withoutKeyExport),
                    lines));
    String text = lines.last.string("text");
    if (text != null) {
      return text;
    }
    String failed = lines.last.string("failed");
    String message = failed == null ? answer.json().string("message") : failed;
    throw new CliFailure(
        message == null ? "the backup was interrupted; nothing was kept" : message);
  }

  /** Shows the lines of an answer as they come, and keeps the last. */
  private static final class Lines extends OutputStream {
    private final PrintWriter err;
    private final java.io.ByteArrayOutputStream line = new java.io.ByteArrayOutputStream();
    private JsonObject last = JsonObject.EMPTY;

    Lines(PrintWriter err) {
      this.err = err;
    }

    @Override
    public void write(int b) {
      if (b != '\n') {
        line.write(b);
        return;
      }
      last = Json.parseObject(line.toString(StandardCharsets.UTF_8));
      line.reset();
      String progress = last.string("progress");
      if (progress != null) {
        tell(err, progress);
      }
    }
  }
}
