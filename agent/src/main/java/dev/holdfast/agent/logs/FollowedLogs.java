// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.logs;

import dev.holdfast.agent.engine.ContainerLogs;
import dev.holdfast.agent.engine.Containers;
import dev.holdfast.agent.logs.MergedLogs.Sink;
import dev.holdfast.agent.logs.MergedLogs.Source;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The output of containers as it comes: of those that there are, of those that come, and of those
 * that are started again, until none of them runs. A container that is started again is read on
 * from the last line that was told, however many of its runs came and went between two looks; so is
 * one whose log the engine ends while it runs.
 */
public final class FollowedLogs {
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** So often it is tried whether anybody reads, where nothing is written. */
  private static final Duration BEAT = Duration.ofSeconds(10);

  private final Opening opening;
  private final Instant since;
  private final Sink sink;
  private final AtomicBoolean unread = new AtomicBoolean();
  private final Map<String, Run> runs = new HashMap<>();

  /** Which containers there are now. */
  public interface Sources {
    List<Source> now() throws IOException;
  }

  /** Opens what a container writes, from a time on. */
  interface Opening {
    ContainerLogs open(String id, Instant from) throws IOException;
  }

  /** A container that is read, and how far that came; its thread alone moves the place. */
  private static final class Run {
    private final Instant began;
    private final boolean running;
    private final long opened = System.nanoTime();
    private final Thread thread;
    private volatile Place reached;

    Run(Instant began, boolean running, Place reached, Consumer<Run> reading) {
      this.began = began;
      this.running = running;
      this.reached = reached;
      this.thread = Thread.ofVirtual().name("logs").unstarted(() -> reading.accept(this));
    }

    boolean isRead() {
      return thread.isAlive();
    }

    /**
     * Whether it is to be opened again: where the container began again; where the engine ended its
     * log before it, once a look and once after its end.
     */
    boolean isOpenedAgain(Source source, Instant now) {
      return !isRead()
          && (now.isAfter(began)
              || (source.running() ? System.nanoTime() - opened >= LOOK.toNanos() : running));
    }
  }

  /**
   * Makes one.
   *
   * @param since from when on those that are there at first are read
   */
  public FollowedLogs(Containers containers, Instant since, Sink sink) {
    this((id, from) -> containers.timed(id, true, from), since, sink);
  }

  FollowedLogs(Opening opening, Instant since, Sink sink) {
    this.opening = opening;
    this.since = since;
    this.sink = sink;
  }

  /** Reads until no container runs, or nobody reads any more. */
  public void read(Sources sources) throws IOException {
    long beat = System.nanoTime();
    while (!unread.get()) {
      List<Source> there;
      try {
        there = sources.now();
      } catch (IOException e) {
        if (runs.isEmpty()) {
          throw e;
        }
        return; // the engine is gone, and what it wrote was read
      }
      there.forEach(this::begin);
      if (there.stream().noneMatch(Source::running)
          && runs.values().stream().noneMatch(Run::isRead)) {
        return;
      }
      if (System.nanoTime() - beat > BEAT.toNanos()) {
        beat = System.nanoTime();
        beat();
      }
      pause();
    }
  }

  private void begin(Source source) {
    Instant began = source.began() == null ? Instant.EPOCH : source.began();
    Run known = runs.get(source.id());
    if (known == null || known.isOpenedAgain(source, began)) {
      Place reached = known == null ? Place.BEGIN : known.reached;
      Instant from = reached.time().isAfter(since) ? reached.time() : since;
      var run = new Run(began, source.running(), reached, now -> follow(source, from, now));
      runs.put(source.id(), run);
      run.thread.start();
    }
  }

  private void follow(Source source, Instant from, Run run) {
    try (var reader =
        new OutputReader(source.label(), opening.open(source.id(), from), run.reached)) {
      for (Line line = reader.peek(); line != null; line = reader.peek()) {
        reader.next();
        told(source.label(), line);
        run.reached = line.end();
      }
    } catch (IOException _) {
      // The container is gone.
    }
  }

  private void told(String label, Line line) throws IOException {
    try {
      synchronized (sink) {
        sink.line(label, line.millis(), line.text());
      }
    } catch (IOException e) {
      unread.set(true);
      throw e;
    }
  }

  private void beat() {
    try {
      synchronized (sink) {
        sink.alive();
      }
    } catch (IOException _) {
      unread.set(true);
    }
  }

  /** Until a reader has ended, or some time has passed. */
  private void pause() {
    long end = System.nanoTime() + LOOK.toNanos();
    for (Run run : runs.values()) {
      if (run.isRead()) {
        try {
          var _ = run.thread.join(LOOK);
        } catch (InterruptedException _) {
          Thread.currentThread().interrupt();
          unread.set(true);
        }
        return;
      }
    }
    while (System.nanoTime() < end && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }
}
