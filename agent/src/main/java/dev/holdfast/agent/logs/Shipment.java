// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.logs;

import dev.holdfast.agent.engine.Container;
import dev.holdfast.agent.engine.ContainerLogs;
import dev.holdfast.agent.engine.Containers;
import dev.holdfast.agent.engine.EngineException;
import dev.holdfast.aws.agent.RoleCredentials;
import dev.holdfast.kit.Hashes;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes the output of one container to its log stream: one thread reads it from the engine, another
 * sends it. A batch is written down before it is sent, and sent until it has arrived.
 */
final class Shipment {
  private static final Logger LOG = Logger.getLogger(Shipment.class.getName());
  private static final Duration AGAIN = Duration.ofSeconds(1);
  private static final Duration LATEST = Duration.ofSeconds(30);

  /** No container is read faster than so many bytes a second. */
  private static final long MOST_A_SECOND = 4 << 20;

  /** What a shipment works with. */
  record Tools(
      Containers containers,
      LogSink sink,
      LogPlaces places,
      Semaphore sending,
      LongSupplier nanos) {}

  /** What is taken along, and where to. */
  record What(String task, String container, String id, LogRoute route) {
    LogSink.Stream stream() {
      return new LogSink.Stream(route.region(), route.group(), route.streamOf(id));
    }
  }

  private final Tools tools;
  private final What what;
  private final Supplier<@Nullable RoleCredentials> role;
  private final Waiting waiting;
  private LogPlaces.Kept kept;
  private volatile Place read;
  private volatile @Nullable ContainerLogs open;
  private @Nullable Thread reader;
  private boolean begun;

  Shipment(Tools tools, What what, Supplier<@Nullable RoleCredentials> role, Waiting waiting) {
    this.tools = tools;
    this.what = what;
    this.role = role;
    this.waiting = waiting;
    this.kept = tools.places().load(what.task(), what.container());
    this.read = kept.done();
  }

  String task() {
    return what.task();
  }

  /** Begins, or goes on after the container was started again. */
  synchronized void follow() {
    Thread running = reader;
    if (running != null && running.isAlive()) {
      return;
    }
    waiting.ended(false);
    reader = Thread.ofVirtual().name("log-reader").start(this::read);
    if (!begun) {
      begun = true;
      Thread.ofVirtual().name("log-sender").start(this::send);
    }
  }

  /** Ends without waiting; what was not sent is taken along by the next agent. */
  void close() {
    waiting.close();
    ContainerLogs reading = open;
    if (reading != null) {
      reading.close();
    }
  }

  /** Waits until all is sent, then forgets how far that was. */
  void finish(Duration patience) {
    try {
      if (!waiting.awaitDrained(patience)) {
        LOG.log(
            Level.WARNING,
            "the last lines of container {0} of {1} did not get to their log stream",
            new Object[] {what.container(), what.task()});
      }
      close();
      tools.places().delete(what.task(), what.container());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the place in a log stays: {0}", e.getMessage());
    }
  }

  private void read() {
    try {
      while (!waiting.isClosed()) {
        try {
          pass();
          Container there = tools.containers().inspect(what.id());
          if (there == null || !there.running()) {
            waiting.ended(true);
            return;
          }
        } catch (EngineException e) {
          if (e.notFound()) {
            waiting.ended(true);
            return;
          }
          waiting.pause(AGAIN);
        } catch (IOException _) {
          waiting.pause(AGAIN);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Reads until the engine ends the stream. */
  private void pass() throws IOException, InterruptedException {
    var lines = new Lines(read);
    long second = tools.nanos().getAsLong();
    long bytes = 0;
    try (ContainerLogs logs = tools.containers().timed(what.id(), true, read.time())) {
      open = logs;
      for (var frame = logs.nextFrame(); frame != null; frame = logs.nextFrame()) {
        for (Line line : lines.take(frame, tools.nanos().getAsLong())) {
          read = line.end();
          if (!waiting.offer(line)) {
            return;
          }
        }
        bytes += frame.bytes().length;
        if (bytes > MOST_A_SECOND) {
          long left = TimeUnit.SECONDS.toNanos(1) - (tools.nanos().getAsLong() - second);
          LockSupport.parkNanos(Math.max(0, left));
          second = tools.nanos().getAsLong();
          bytes = 0;
        } else if (tools.nanos().getAsLong() - second > TimeUnit.SECONDS.toNanos(1)) {
          second = tools.nanos().getAsLong();
          bytes = 0;
        }
      }
      for (Line line : lines.end(tools.nanos().getAsLong())) {
        read = line.end();
        if (!waiting.offer(line)) {
          return;
        }
      }
    } finally {
      open = null;
    }
  }

  private void send() {
    try {
      while (!waiting.isClosed()) {
        boolean again = kept.pending();
        LogBatch batch = waiting.next(again ? kept.next() : null);
        if (batch == null) {
          kept = new LogPlaces.Kept(kept.next(), kept.next(), kept.number());
          continue;
        }
        if (!again) {
          kept = new LogPlaces.Kept(kept.done(), batch.end(), kept.number() + 1);
          write();
        }
        if (deliver(batch)) {
          kept = new LogPlaces.Kept(batch.end(), batch.end(), kept.number());
          if (waiting.sent(batch.lines())) {
            write(); // nobody asks again whether it arrived
          }
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void write() {
    try {
      tools.places().save(what.task(), what.container(), kept);
    } catch (IOException e) {
      // The lines matter more than that none of them may come twice.
      LOG.log(Level.WARNING, "the place in a log is not kept: {0}", e.getMessage());
    }
  }

  /**
   * Sends a batch until it has arrived, or is refused for good; false where there is no more time.
   */
  private boolean deliver(LogBatch batch) throws InterruptedException {
    String once =
        "once-"
            + Hashes.sha256Hex(what.task() + "/" + what.container()).substring(0, 32)
            + "-"
            + kept.number();
    Duration pause = AGAIN;
    while (!waiting.isClosed()) {
      String why;
      RoleCredentials as = role.get();
      if (as == null) {
        why = "no session of the execution role came yet";
      } else {
        try {
          put(as, batch, once);
          return true;
        } catch (LogSink.Refused e) {
          if (e.code().equals("InvalidParameterException")) {
            LOG.log(Level.WARNING, "events are refused for good: {0}", e.getMessage());
            return true;
          }
          why = String.valueOf(e.getMessage());
          if (e.code().equals("ResourceNotFoundException")) {
            why = remade(as, why);
          }
        } catch (IOException e) {
          why = String.valueOf(e.getMessage());
        }
      }
      LOG.log(
          Level.INFO,
          "output of container {0} of {1} waits: {2}",
          new Object[] {what.container(), what.task(), why});
      waiting.pause(pause);
      pause = pause.multipliedBy(2).compareTo(LATEST) > 0 ? LATEST : pause.multipliedBy(2);
    }
    return false;
  }

  private void put(RoleCredentials as, LogBatch batch, String once)
      throws IOException, InterruptedException {
    tools.sending().acquire();
    try {
      tools.sink().put(as, what.stream(), batch.events(), once);
    } finally {
      tools.sending().release();
    }
  }

  /** Makes a stream that somebody deleted again. */
  private String remade(RoleCredentials as, String why) {
    try {
      make(tools.sink(), as, what.stream(), what.route().createGroup());
      return why;
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /**
   * Makes a stream where it is missing, and its group where that is asked for.
   *
   * @throws LogSink.Refused where it cannot be made
   */
  static void make(LogSink sink, RoleCredentials role, LogSink.Stream stream, boolean createGroup)
      throws IOException {
    try {
      stream(sink, role, stream);
    } catch (LogSink.Refused e) {
      if (!createGroup || !e.code().equals("ResourceNotFoundException")) {
        throw e;
      }
      try {
        sink.createGroup(role, stream);
      } catch (LogSink.Refused other) {
        if (!other.code().equals("ResourceAlreadyExistsException")) {
          throw other;
        }
      }
      stream(sink, role, stream);
    }
  }

  private static void stream(LogSink sink, RoleCredentials role, LogSink.Stream stream)
      throws IOException {
    try {
      sink.createStream(role, stream);
    } catch (LogSink.Refused e) {
      if (!e.code().equals("ResourceAlreadyExistsException")) {
        throw e;
      }
    }
  }
}
