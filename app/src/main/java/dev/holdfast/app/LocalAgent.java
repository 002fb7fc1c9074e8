// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.app.agent.AgentSupervisor;
import dev.holdfast.app.cli.ServerOptions;
import dev.holdfast.app.cli.ServerProcess;
import dev.holdfast.app.output.NothingShown;
import dev.holdfast.app.output.Shown;
import dev.holdfast.app.output.TaskOutput;
import dev.holdfast.app.output.TaskSource;
import dev.holdfast.ecs.Ecs;
import dev.holdfast.ecs.TaskStanding;
import dev.holdfast.ecs.TaskStream;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.logs.Logs;
import dev.holdfast.logs.plan.Position;
import dev.holdfast.service.Profile;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The agent of this machine as the platform sees it: its process, and its tasks. */
final class LocalAgent implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("local-agent");

  /** AWS's longest stop timeout, and time to clean up. */
  private static final Duration STOP_LIMIT = Duration.ofSeconds(150);

  private final Ecs ecs;
  private final Logs stored;
  private final AgentLink link;
  private final AgentSupervisor supervisor;

  LocalAgent(Platform platform, ServerOptions options, Path socket) {
    this.ecs = platform.ecs();
    this.stored = platform.logs();
    this.link = new AgentLink(socket);
    this.supervisor =
        new AgentSupervisor(
            command(platform, options, socket),
            options.dataDir().resolve("logs").resolve("agent.log"),
            () -> credentials(platform));
  }

  private static List<String> command(Platform platform, ServerOptions options, Path socket) {
    boolean loopback = platform.installation().profile() == Profile.DEV;
    return ServerProcess.command(
        "agent",
        "--endpoint=" + platform.endpoint().url(),
        "--region=" + options.region(),
        "--installation=" + platform.installation().id(),
        "--data-dir=" + options.dataDir().resolve("agent"),
        "--socket=" + socket,
        "--engine=" + options.engine(),
        "--bind=" + (loopback ? "127.0.0.1" : "0.0.0.0"));
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
    String reason = supervisor.reason();
    boolean connected = ecs.localAgentConnected() && reason.isEmpty();
    JsonObject status = JsonObject.EMPTY.with("connected", connected);
    if (!connected) {
      status = status.with("reason", reason);
    }
    status = supervisor.tidied().isEmpty() ? status : status.with("tidied", supervisor.tidied());
    status = supervisor.limits().isEmpty() ? status : status.with("limits", supervisor.limits());
    return supervisor.pid().isPresent() ? status.with("pid", supervisor.pid().getAsLong()) : status;
  }

  /** Why tasks can neither start nor stop here now; empty where they can. */
  String reason() {
    return supervisor.reason();
  }

  List<String> liveTasks() {
    return ecs.liveTasks().stream().map(Arn::toString).toList();
  }

  /**
   * Shows what a service's tasks, or one task, wrote: from the containers where they are here, else
   * from their log streams.
   *
   * @throws Refusal where nothing is there
   */
  void logs(AdminDoor.LogQuery query, Instant now, Shown shown) throws IOException {
    var asked = new Asked(query);
    if (!query.cluster().isEmpty() && asked.tasks().isEmpty() && !asked.expectsMore()) {
      throw new Refusal(
          "there is no task or service `" + query.name() + "` in cluster " + query.cluster());
    }
    try {
      new TaskOutput(asked, now).show(query.since(), query.follow(), shown);
    } catch (NothingShown e) {
      throw new Refusal(String.valueOf(e.getMessage()));
    }
  }

  /** The tasks that one query means. */
  private final class Asked implements TaskSource {
    private final AdminDoor.LogQuery query;

    Asked(AdminDoor.LogQuery query) {
      this.query = query;
    }

    @Override
    public String name() {
      return query.name();
    }

    @Override
    public List<Arn> tasks() {
      return ecs.tasksNamed(query.name(), query.cluster());
    }

    @Override
    public boolean expectsMore() {
      return ecs.serviceNamed(query.name(), query.cluster());
    }

    @Override
    public Optional<TaskStanding> standing(Arn task) {
      return ecs.standing(task);
    }

    @Override
    public Optional<String> machine(Arn task) {
      return ecs.elsewhere(task);
    }

    @Override
    public List<TaskStream> streams(Arn task) {
      return ecs.logStreams(task);
    }

    @Override
    public Optional<InputStream> local(String task, long from, boolean follow, boolean whole)
        throws IOException {
      return link.logs(task, from, follow, whole);
    }

    @Override
    public Logs.Page stored(List<TaskStream> streams, long from, @Nullable Position after) {
      return stored.read(
          streams.stream()
              .map(s -> new Logs.Source(s.account(), s.region(), s.group(), s.stream()))
              .toList(),
          from,
          after);
    }
  }

  /** Stops every task, waits for the last, and leaves nothing of ours on the machine. */
  void stopTasks() {
    ecs.stopAll("Holdfast was told to stop");
    long deadline = System.nanoTime() + STOP_LIMIT.toNanos();
    while (ecs.liveTaskCount() > 0 && System.nanoTime() < deadline) {
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
    try {
      link.cleanUp();
    } catch (Refusal | IOException e) {
      LOG.log(Level.WARNING, "the agent did not clean up: {0}", e.getMessage());
    }
  }

  @Override
  public void close() {
    supervisor.close();
  }
}
