// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import dev.holdfast.kit.Printable;
import dev.holdfast.kit.disk.Disk;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code down}: stops one installation. */
@Command(
    name = "down",
    description = {
      "Stop the platform and its agent.",
      "While tasks run it refuses unless told what to do with them."
    })
final class Down implements Callable<Integer> {
  /** A stop waits for the longest stop timeout of a task (120 s on AWS) and the clean-up. */
  private static final Duration STOP_LIMIT = Duration.ofMinutes(3);

  private static final Duration LOOK_EVERY = Duration.ofMillis(25);

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Target target = new Target();

  @ArgGroup(exclusive = true)
  private Tasks tasks = new Tasks();

  /** What becomes of running tasks; at most one of the two. */
  static final class Tasks {
    @Option(
        names = "--stop-tasks",
        description =
            "Stop every task first, each with its stop timeout, and leave nothing behind.")
    boolean stop;

    @Option(
        names = "--keep-tasks",
        description = "Let containers run on; the next `up` adopts them.")
    boolean keep;

    String word() {
      return stop ? "stop" : keep ? "keep" : "";
    }
  }

  @Override
  public Integer call() throws IOException {
    DataDir dir = target.dataDir();
    PrintWriter out = spec.commandLine().getOut();
    if (!DirectoryLock.held(dir.lockFile())) {
      if (!tasks.stop || !dir.exists() || Files.exists(dir.nothingLeft())) {
        out.println("Nothing runs at " + dir.path() + ".");
        return 0;
      }
      startAgain(dir);
    }
    var answer =
        target.answer(
            () -> target.client().post("/shutdown", JsonObject.EMPTY.with("tasks", tasks.word())));
    if (answer.status() == 409) {
      throw new CliFailure(refusal(answer.json(), target.option()));
    }
    if (answer.status() != 202 && answer.status() != 200) {
      throw new CliFailure(
          Objects.requireNonNullElse(
              answer.json().string("message"), "the platform answered " + answer.status()));
    }
    awaitEnd(dir);
    if (tasks.stop) {
      nothingIsLeft(dir, Disk.local());
    }
    out.println("Stopped. The data stays at " + dir.path() + ".");
    return 0;
  }

  /** Notes that no container is left, until a server enters the directory again. */
  static void nothingIsLeft(DataDir dir, Disk disk) throws IOException {
    disk.replace(dir.nothingLeft(), new byte[0]);
  }

  /** Only the platform can stop what it left running: starts it, on any port, to be told so. */
  private static void startAgain(DataDir dir) throws IOException {
    var command = ServerProcess.command("up", "--detach", "--port", "0", "--data-dir");
    command.add(dir.path().toString());
    Process up =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      if (up.waitFor() != 0) {
        throw new CliFailure("the platform had to start to stop what it left, and did not");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CliFailure("interrupted");
    }
  }

  static String refusal(JsonObject answer, String option) {
    var text =
        new StringBuilder(
            Objects.requireNonNullElse(answer.string("message"), "tasks are running"));
    for (JsonValue task : answer.array("tasks")) {
      if (task instanceof JsonString(var arn)) {
        text.append("\n  ").append(Printable.line(arn));
      }
    }
    Long more = answer.integer("more");
    if (more != null && more > 0) {
      text.append("\n  and ").append(more).append(" more");
    }
    return text.append("\nStop them as well:   ./holdfast down --stop-tasks")
        .append(option)
        .append("\nLet them run on:     ./holdfast down --keep-tasks")
        .append(option)
        .toString();
  }

  private static void awaitEnd(DataDir dir) throws IOException {
    long deadline = System.nanoTime() + STOP_LIMIT.toNanos();
    while (DirectoryLock.held(dir.lockFile())) {
      if (System.nanoTime() > deadline) {
        throw new CliFailure(
            "the platform was told to stop and still runs after "
                + STOP_LIMIT.toSeconds()
                + " s; see "
                + dir.serverLog());
      }
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
  }
}
