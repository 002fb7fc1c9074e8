// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.logs;

import dev.holdfast.agent.engine.ContainerLogs;
import dev.holdfast.agent.engine.Containers;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The output of several containers, line by line: what they wrote so far in the order of its times,
 * and with {@code follow} what they write as it comes.
 */
public record MergedLogs(Containers containers, Instant since, boolean follow) {
  /** A container with what its lines are marked with. */
  public record Source(String id, String label) {}

  /** Takes lines. */
  public interface Sink {
    void line(String label, String text) throws IOException;
  }

  /** One container's lines, read ahead by one. */
  private static final class Reader implements AutoCloseable {
    private final String label;
    private final ContainerLogs logs;
    private final Lines lines = new Lines(Place.BEGIN);
    private final ArrayDeque<Line> ahead = new ArrayDeque<>();
    private boolean ended;

    Reader(String label, ContainerLogs logs) {
      this.label = label;
      this.logs = logs;
    }

    @Nullable Line peek() throws IOException {
      while (ahead.isEmpty() && !ended) {
        ContainerLogs.Frame frame = logs.nextFrame();
        ended = frame == null;
        ahead.addAll(frame == null ? lines.end(0) : lines.take(frame, 0));
      }
      return ahead.peekFirst();
    }

    Line next() {
      return ahead.removeFirst();
    }

    @Override
    public void close() {
      logs.close();
    }
  }

  private record Head(Reader reader, long millis) {}

  /** Reads until the containers end, or what they wrote so far. */
  public void read(List<Source> sources, Sink sink) throws IOException, InterruptedException {
    if (follow) {
      follow(sources, sink);
      return;
    }
    var readers = new ArrayList<Reader>();
    try {
      var heads = new PriorityQueue<Head>(Comparator.comparingLong(Head::millis));
      for (Source source : sources) {
        try {
          var reader = new Reader(source.label(), containers.timed(source.id(), false, since));
          readers.add(reader);
          push(heads, reader);
        } catch (IOException _) {
          // It is gone, or keeps no output.
        }
      }
      while (!heads.isEmpty()) {
        Reader reader = heads.remove().reader();
        sink.line(reader.label, reader.next().text());
        push(heads, reader);
      }
    } finally {
      readers.forEach(Reader::close);
    }
  }

  private static void push(PriorityQueue<Head> heads, Reader reader) throws IOException {
    Line line = reader.peek();
    if (line != null) {
      heads.add(new Head(reader, line.millis()));
    }
  }

  private void follow(List<Source> sources, Sink sink) throws InterruptedException {
    var threads = new ArrayList<Thread>();
    for (Source source : sources) {
      threads.add(Thread.ofVirtual().name("logs").start(() -> follow(source, sink)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void follow(Source source, Sink sink) {
    try (var reader = new Reader(source.label(), containers.timed(source.id(), true, since))) {
      while (reader.peek() != null) {
        String text = reader.next().text();
        synchronized (sink) {
          sink.line(source.label(), text);
        }
      }
    } catch (IOException _) {
      // The container is gone, or nobody reads any more.
    }
  }
}
