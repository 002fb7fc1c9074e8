// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.state;

import dev.holdfast.aws.agent.AgentMessage;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.service.Call;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One command that somebody runs in a container: between the client that types and the host that
 * runs it. Known to this process alone. Thread-safe.
 */
public final class ExecSession {

  /**
   * What was asked.
   *
   * @param call of whoever opened it, who must go on to be let in
   * @param host where the task is
   */
  public record Asked(
      Call call, Task.Key task, String host, String container, List<String> command) {
    public Asked {
      command = List.copyOf(command);
    }

    /** Without the command, which may hold anything. */
    @Override
    public String toString() {
      return "Asked[" + task.arn() + ", " + container + "]";
    }
  }

  /** One of the two ends. */
  public interface End {
    /** Takes a message of the other end. */
    void take(AgentMessage message) throws IOException;
  }

  private final String id;
  private final byte[] tokenHash;
  private final Asked asked;
  private final LongSupplier nanos;
  private final long opened;
  private final AtomicReference<@Nullable End> client = new AtomicReference<>();
  private final AtomicReference<@Nullable End> host = new AtomicReference<>();
  private final CountDownLatch hosted = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean terminal = true;
  private volatile long window;
  private volatile long active;

  ExecSession(String id, byte[] tokenHash, Asked asked, LongSupplier nanos) {
    this.id = id;
    this.tokenHash = tokenHash.clone();
    this.asked = asked;
    this.nanos = nanos;
    this.opened = nanos.getAsLong();
    this.active = opened;
  }

  public String id() {
    return id;
  }

  public Asked asked() {
    return asked;
  }

  /** How long ago it was opened. */
  Duration age() {
    return Duration.ofNanos(nanos.getAsLong() - opened);
  }

  byte[] tokenHash() {
    return tokenHash.clone();
  }

  /** Takes the client's place; false where it was taken before. */
  boolean claim(End end, boolean withTerminal) {
    terminal = withTerminal;
    return client.compareAndSet(null, end);
  }

  boolean claimed() {
    return client.get() != null;
  }

  /** Whether the command gets a terminal. */
  public boolean terminal() {
    return terminal;
  }

  /**
   * Takes the host's place; false where it was taken before, or the session is over.
   *
   * @param bytes so many it takes before it says that it took some
   */
  public boolean join(End end, long bytes) {
    boolean joined = !isOver() && host.compareAndSet(null, end);
    if (joined) {
      window = bytes;
      hosted.countDown();
    }
    return joined;
  }

  /** How many bytes its host takes before it says that it took some, once it is there. */
  public long window() {
    return window;
  }

  /** Waits for the host. */
  public boolean awaitHost(long millis) throws InterruptedException {
    return hosted.await(millis, TimeUnit.MILLISECONDS);
  }

  /** Gives the host what the client says. */
  public void toHost(AgentMessage message) throws IOException {
    active = nanos.getAsLong();
    End end = host.get();
    if (end != null) {
      end.take(message);
    }
  }

  /** Gives the client what the host says. */
  public void toClient(AgentMessage message) throws IOException {
    active = nanos.getAsLong();
    End end = client.get();
    if (end != null) {
      end.take(message);
    }
  }

  /** For how long nothing was said. */
  public Duration idle() {
    return Duration.ofNanos(nanos.getAsLong() - active);
  }

  /** Ends it; both ends notice. */
  public void end() {
    over.countDown();
    hosted.countDown();
  }

  public boolean isOver() {
    return over.getCount() == 0;
  }
}
