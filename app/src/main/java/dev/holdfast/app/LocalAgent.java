// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.agent.TaskLogs;
import dev.holdfast.app.cli.ServerOptions;
import dev.holdfast.app.cli.ServerProcess;
import dev.holdfast.ecs.Ecs;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Profile;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** The agent of this machine as the platform sees it: its process, and its tasks. */
final class LocalAgent implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("local-agent");

  /** AWS's longest stop timeout, and time to clean up. */
  private static final Duration STOP_LIMIT = Duration.ofSeconds(150);

  private static final Path ENGINE = Path.of("/var/run/docker.sock");

  private final Ecs ecs;
  private final String installation;
  private final AgentSupervisor supervisor;

  LocalAgent(Platform platform, ServerOptions options) {
    this.ecs = platform.ecs();
    this.installation = platform.installation().id();
    this.supervisor =
        new AgentSupervisor(
            command(platform, options),
            options.dataDir().resolve("logs").resolve("agent.log"),
            () -> credentials(platform));
  }

  private static List<String> command(Platform platform, ServerOptions options) {
    boolean loopback = platform.installation().profile() == Profile.DEV;
    return ServerProcess.command(
        "agent",
        "--endpoint",
        platform.endpoint().url(),
        "--region",
        options.region(),
        "--installation",
        platform.installation().id(),
        "--data-dir",
        options.dataDir().resolve("agent").toString(),
        "--engine",
        ENGINE.toString(),
        "--bind-address",
        loopback ? "127.0.0.1" : "0.0.0.0");
  }

  private static JsonObject credentials(Platform platform) {
    var session = platform.iam().accounts().host();
    return JsonObject.EMPTY
        .with("AccessKeyId", session.credentials().accessKeyId())
        .with("SecretAccessKey", session.credentials().secretAccessKey())
        .with("SessionToken", String.valueOf(session.credentials().sessionToken()))
        .with("Expiration", session.expires().toString());
  }

  void start() {
    supervisor.start();
  }

  JsonObject status() {
    boolean connected = ecs.localAgentConnected();
    JsonObject status = JsonObject.EMPTY.with("connected", connected);
    if (!connected) {
      status = status.with("reason", supervisor.reason());
    }
    return supervisor.pid().isPresent()
        ? status.with("pid", supervisor.pid().getAsLong())
        : status;
  }

  List<String> liveTasks() {
    return ecs.liveTasks().stream().map(Arn::toString).toList();
  }

  /**
   * Writes what the containers of a task wrote.
   *
   * @param follow whether to go on until they end
   * @throws Refusal where the task has no containers here
   */
  void logs(String task, boolean follow, OutputStream out) throws IOException {
    try {
      boolean found =
          TaskLogs.read(
              ENGINE,
              installation,
              task,
              null,
              follow,
              (_, _, text) -> {
                out.write(text.getBytes(StandardCharsets.UTF_8));
                out.flush();
              });
      if (!found) {
        throw new Refusal("the task `" + task + "` has no containers on this machine");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** Stops every task, waits for the last, and leaves nothing of ours on the machine. */
  void stopTasks() {
    ecs.stopAll("Holdfast was told to stop");
    long deadline = System.nanoTime() + STOP_LIMIT.toNanos();
    while (!ecs.liveTasks().isEmpty() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
    if (!supervisor.stopTasks(STOP_LIMIT)) {
      LOG.log(Level.WARNING, "the agent did not say that it cleaned up");
    }
  }

  @Override
  public void close() {
    supervisor.close();
  }
}
