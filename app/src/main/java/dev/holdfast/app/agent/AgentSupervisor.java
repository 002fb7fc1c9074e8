// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.agent;

import dev.holdfast.app.cli.ServerProcess;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.store.StoreUnavailable;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the agent of this host running as a process of its own.
 *
 * <p>The agent gets its credentials as JSON lines on its standard input and says on its standard
 * output how it is; nothing secret is in its arguments or its environment. It ends when its input
 * does, so it never outlives the server unsupervised; containers outlive both.
 */
public final class AgentSupervisor implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("agent-supervisor");
  private static final Duration REFRESH = Duration.ofMinutes(30);
  private static final Duration AGAIN = Duration.ofSeconds(5);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final List<String> command;
  private final Path log;
  private final Supplier<JsonObject> credentials;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Semaphore wanted = new Semaphore(0);
  private volatile @Nullable Process process;
  private volatile String reason = "";
  private volatile String tidied = "";
  private volatile String limits = "";

  /** Thrown where there are no credentials to be had now. */
  public static final class NoCredentials extends RuntimeException {
    private static final long serialVersionUID = 1;

    public NoCredentials(String why) {
      super(why);
    }
  }

  /**
   * A supervisor that has not started anything yet.
   *
   * @param credentials makes fresh credentials of the host
   */
  public AgentSupervisor(List<String> command, Path log, Supplier<JsonObject> credentials) {
    this.command = List.copyOf(command);
    this.log = log;
    this.credentials = credentials;
  }

  public void start() {
    Thread.ofPlatform().name("agent-supervisor").daemon().start(this::supervise);
  }

  /**
   * Why tasks cannot run here, in the agent's words; empty where they can, or where it is too
   * early.
   */
  public String reason() {
    return reason;
  }

  /** What the agent removed from the host so far, in its words; empty where nothing. */
  public String tidied() {
    return tidied;
  }

  /** Why tasks are not held to their own limits as a whole; empty where they are. */
  public String limits() {
    return limits;
  }

  /** The agent's process id, while it runs. */
  public OptionalLong pid() {
    Process agent = process;
    return agent != null && agent.isAlive() ? OptionalLong.of(agent.pid()) : OptionalLong.empty();
  }

  private void supervise() {
    Duration pause = FIRST_PAUSE;
    while (open()) {
      long began = System.nanoTime();
      try {
        int code = runOnce();
        if (open()) {
          String end = "the agent ended with code " + code + "; its log: " + log;
          LOG.log(Level.WARNING, end);
          reason = reason.isEmpty() ? end : reason;
        }
      } catch (IOException e) {
        reason = "the agent could not be started: " + e.getMessage();
        LOG.log(Level.ERROR, reason);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
      boolean lasted = System.nanoTime() - began > Duration.ofMinutes(1).toNanos();
      pause = lasted ? FIRST_PAUSE : shorter(pause.multipliedBy(2));
      rest(pause);
    }
  }

  private boolean open() {
    return closed.getCount() > 0;
  }

  private static Duration shorter(Duration pause) {
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }

  private void rest(Duration pause) {
    try {
      boolean _ = closed.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private int runOnce() throws IOException, InterruptedException {
    Process agent =
        ServerProcess.builder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(new File(log.toString())))
            .start();
    process = agent;
    Thread feeder = Thread.ofPlatform().name("agent-credentials").daemon().start(() -> feed(agent));
    try (BufferedReader lines = agent.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        heard(line);
      }
    }
    int code = agent.waitFor();
    feeder.interrupt();
    return code;
  }

  private void heard(String line) {
    try {
      JsonObject told = Json.parseObject(line);
      String said = told.string("reason");
      if (said != null) {
        reason = said;
      }
      String lacking = told.string("limits");
      if (lacking != null) {
        limits = lacking;
      }
      String freed = told.string("tidied");
      if (freed != null) {
        tidied = freed;
      }
      if (told.string("session") != null) {
        wanted.release();
      }
    } catch (Json.MalformedJson _) {
      LOG.log(Level.DEBUG, "the agent said something that is not JSON");
    }
  }

  /**
   * Writes credentials now and again before they end, or when the agent says that they have, until
   * the agent does.
   */
  private void feed(Process agent) {
    try {
      Duration next;
      do {
        next = REFRESH;
        try {
          tell(agent, credentials.get());
        } catch (StoreUnavailable | NoCredentials e) {
          LOG.log(Level.WARNING, "no credentials for the agent: {0}", e.getMessage());
          next = AGAIN;
        }
      } while (!over(agent, next));
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the agent takes no more credentials", e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until credentials are due; true where the agent has ended. */
  private boolean over(Process agent, Duration most) throws InterruptedException {
    // The end of an agent interrupts this.
    if (wanted.tryAcquire(most.toMillis(), TimeUnit.MILLISECONDS)) {
      rest(AGAIN);
      wanted.drainPermits();
    }
    return !agent.isAlive() || Thread.interrupted();
  }

  private static void tell(Process agent, JsonObject message) throws IOException {
    OutputStream out = agent.getOutputStream();
    out.write((Json.text(message) + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** Ends the agent and leaves its containers alone. */
  @Override
  public void close() {
    closed.countDown();
    Process agent = process;
    if (agent == null) {
      return;
    }
    agent.destroy();
    try {
      if (!agent.waitFor(3, TimeUnit.SECONDS)) {
        agent.destroyForcibly();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
