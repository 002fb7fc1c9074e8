// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.app.agent.AgentSupervisor;
import dev.holdfast.app.cli.ServerOptions;
import dev.holdfast.app.cli.ServerProcess;
import dev.holdfast.ecs.Ecs;
import dev.holdfast.ecs.TaskStream;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.logs.Logs;
import dev.holdfast.service.Profile;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
   * What a service's tasks, or one task, wrote: from the containers where they are here, else from
   * their log streams.
   *
   * @throws Refusal where nothing is there
   */
  InputStream logs(AdminDoor.LogQuery query, Instant now) throws IOException {
    List<Arn> tasks = ecs.tasksNamed(query.name(), query.cluster());
    if (tasks.isEmpty() && !query.cluster().isEmpty()) {
      throw new Refusal(
          "there is no task or service `" + query.name() + "` in cluster " + query.cluster());
    }
    List<String> asked =
        tasks.isEmpty() ? List.of(query.name()) : tasks.stream().map(Arn::toString).toList();
    try {
      return link.logs(asked, query.since(), query.follow());
    } catch (Refusal e) {
      var streams = new ArrayList<TaskStream>();
      tasks.forEach(task -> streams.addAll(ecs.logStreams(task)));
      if (streams.isEmpty()) {
        throw tasks.stream().findFirst().flatMap(this::elsewhere).orElse(e);
      }
      if (query.follow()) {
        throw e;
      }
      long from = query.since() == 0 ? 0 : now.minusSeconds(query.since()).toEpochMilli();
      return new Stored(stored, streams, from);
    }
  }

  /** Of a task on another machine that keeps what it writes to itself: where to look. */
  private Optional<Refusal> elsewhere(Arn task) {
    return ecs.elsewhere(task)
        .map(
            host ->
                new Refusal(
                    "the task runs on the machine "
                        + host
                        + ", and its containers do not log with awslogs, so what they write is there"
                        + " alone. On "
                        + host
                        + ": docker ps --all --filter label=dev.holdfast.task-arn="
                        + task
                        + " (of Amazon's agent: label=com.amazonaws.ecs.task-arn="
                        + task
                        + "), then docker logs CONTAINER. With the log driver awslogs it is shown"
                        + " here"));
  }

  /** Stops every task, waits for the last, and leaves nothing of ours on the machine. */
  void stopTasks() {
    ecs.stopAll("Holdfast was told to stop");
    long deadline = System.nanoTime() + STOP_LIMIT.toNanos();
    while (!ecs.liveTasks().isEmpty() && System.nanoTime() < deadline) {
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

  /** The events of log streams as text, read page by page. */
  private static final class Stored extends InputStream {
    private final Logs logs;
    private final List<TaskStream> streams;
    private final long from;
    private byte[] text = new byte[0];
    private int at;
    private Logs.@Nullable Page last;

    Stored(Logs logs, List<TaskStream> streams, long from) {
      this.logs = logs;
      this.streams = streams;
      this.from = from;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      while (at == text.length) {
        Logs.Page page = last;
        if (page != null && page.next() == null) {
          return -1;
        }
        turn(page);
      }
      int copied = Math.min(length, text.length - at);
      System.arraycopy(text, at, into, offset, copied);
      at += copied;
      return copied;
    }

    private void turn(Logs.@Nullable Page before) {
      Logs.Page page =
          logs.read(
              streams.stream()
                  .map(s -> new Logs.Source(s.account(), s.region(), s.group(), s.stream()))
                  .toList(),
              from,
              before == null ? null : before.next());
      last = page;
      var lines = new StringBuilder();
      for (Logs.Line line : page.lines()) {
        if (streams.size() > 1) {
          lines.append(label(line.stream())).append(" | ");
        }
        lines.append(line.text()).append('\n');
      }
      text = lines.toString().getBytes(StandardCharsets.UTF_8);
      at = 0;
    }

    private String label(String stream) {
      return streams.stream()
          .filter(s -> s.stream().equals(stream))
          .map(TaskStream::container)
          .findFirst()
          .orElse(stream);
    }
  }
}
