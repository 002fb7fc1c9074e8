// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code up}: starts the platform, in the foreground or as a process of its own. */
@Command(
    name = "up",
    description = {
      "Start the platform and the agent of this host.",
      "Without --detach it runs until Ctrl-C, which never touches a running container."
    })
final class Up implements Callable<Integer> {
  private static final Duration START_LIMIT = Duration.ofSeconds(90);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);
  private static final Duration LOOK_EVERY = Duration.ofMillis(25);
  private static final int LOG_LINES = 20;

  private final Processes processes;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Target target = new Target();
  @Mixin private StartOptions start = new StartOptions();

  @Option(
      names = "--detach",
      description =
          "Return when the platform answers and its agent is connected, or it is clear why"
              + " tasks cannot run here.")
  private boolean detach;

  Up(Processes processes) {
    this.processes = processes;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    DataDir dir = target.dataDir();
    ServerOptions options = start.options(dir);
    Variables.check(System.getenv());
    Ownership.check(dir);
    if (detach) {
      return detached(dir, options);
    }
    if (DirectoryLock.held(dir.lockFile())) {
      throw ServerProcess.taken(dir);
    }
    Thread.ofVirtual().start(() -> announce(dir));
    return ServerProcess.run(options, processes);
  }

  private int detached(DataDir dir, ServerOptions options)
      throws IOException, InterruptedException {
    if (DirectoryLock.held(dir.lockFile())) {
      return alreadyUp(dir, options);
    }
    dir.create();
    Path log = dir.serverLog();
    long before = Files.exists(log) ? Files.size(log) : 0;
    Process server = spawn(options, log);
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (System.nanoTime() < deadline) {
      if (server.waitFor(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new CliFailure(
            "the platform did not start (exit code "
                + server.exitValue()
                + "); its last words in "
                + log
                + ":\n"
                + tail(log, before));
      }
      var ready = ready(dir);
      if (ready.isPresent() && settled(ready.get())) {
        banner(dir, status());
        return 0;
      }
    }
    throw new CliFailure(
        (ready(dir).isPresent()
                ? "the platform answers, but its agent did not connect within "
                : "the platform does not answer after ")
            + START_LIMIT.toSeconds()
            + " s (process "
            + server.pid()
            + " goes on; stop it with ./holdfast down"
            + target.option()
            + "); the last words in "
            + log
            + ":\n"
            + tail(log, before));
  }

  private int alreadyUp(DataDir dir, ServerOptions options) throws IOException {
    JsonObject status = target.get("/status");
    String profile = status.string("profile");
    if (options.profile() != null && !options.profile().equals(profile)) {
      throw new CliFailure(
          "a platform already runs here in the profile "
              + profile
              + ", and a directory keeps its profile; use another one: --data-dir DIR");
    }
    spec.commandLine().getOut().println("It is up already.");
    banner(dir, status);
    return 0;
  }

  /** The status of a server that is ready; among very many tasks it takes a while to count them. */
  private JsonObject status() throws IOException {
    AdminClient.Answer answer = target.client().get("/status");
    if (answer.status() != 200) {
      throw new IOException("the platform answered " + answer.status());
    }
    return answer.json();
  }

  private void banner(DataDir dir, JsonObject status) throws IOException {
    var credentials = new AdminClient(dir.adminSocket(), ANSWER_LIMIT).get("/credentials").json();
    PrintWriter out = spec.commandLine().getOut();
    out.print(Banner.text(status, credentials.string("PrincipalArn"), target.option()));
    out.flush();
  }

  private static Process spawn(ServerOptions options, Path log) throws IOException {
    var command = new ArrayList<String>();
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      command.add("/usr/bin/setsid"); // a session of its own: Ctrl-C in this terminal is not for it
    }
    command.addAll(ServerProcess.command("server"));
    command.addAll(StartOptions.words(options));
    return ServerProcess.builder(command)
        .redirectInput(new File("/dev/null"))
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .redirectErrorStream(true)
        .start();
  }

  /** What a server says that answers on both of its doors. */
  private static Optional<JsonObject> ready(DataDir dir) {
    try {
      var answer = new AdminClient(dir.adminSocket(), ANSWER_LIMIT).get("/ready");
      JsonObject ready = answer.json();
      return answer.status() == 200 && Health.answers(ready.string("url"))
          ? Optional.of(ready)
          : Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /** The agent is connected, or it is known why tasks cannot run here. */
  private static boolean settled(JsonObject ready) {
    JsonObject agent = ready.object("agent");
    String reason = agent.string("reason");
    return agent.isTrue("connected") || (reason != null && !reason.isBlank());
  }

  private void announce(DataDir dir) {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (System.nanoTime() < deadline) {
      var ready = ready(dir);
      if (ready.isPresent() && settled(ready.get())) {
        try {
          banner(dir, status());
        } catch (IOException _) {
          continue; // it stops while it starts; the next look tells
        }
        return;
      }
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
  }

  /** The last lines that were written after {@code from}. */
  private static String tail(Path log, long from) throws IOException {
    byte[] all = Files.readAllBytes(log);
    int start = (int) Math.min(from, all.length);
    List<String> lines =
        new String(all, start, all.length - start, StandardCharsets.UTF_8).lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
  }
}
