// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.logs;

import dev.holdfast.agent.engine.Containers;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** What several containers wrote so far, line by line in the order of its times. */
public record MergedLogs(Containers containers, Instant since) {
  /**
   * A container to read.
   *
   * @param label what its lines are marked with
   * @param began when its present run began, or its last; null where it never ran
   * @param running whether it runs now
   */
  public record Source(String id, String label, @Nullable Instant began, boolean running) {}

  /** Takes lines, and whole pieces where those are asked for. */
  public interface Sink {
    /**
     * One line, or one piece.
     *
     * @param millis the engine's time of it; 0 where that is not known
     */
    void line(String label, long millis, String text) throws IOException;

    /** Nothing was written for a while; throws where nobody reads any more. */
    void alive() throws IOException;
  }

  private record Head(OutputReader reader, long millis) {}

  /** Reads what they wrote so far. */
  public void read(List<Source> sources, Sink sink) throws IOException {
    var readers = new ArrayList<OutputReader>();
    try {
      var heads = new PriorityQueue<Head>(Comparator.comparingLong(Head::millis));
      for (Source source : sources) {
        try {
          var reader =
              new OutputReader(source.label(), containers.timed(source.id(), false, since));
          readers.add(reader);
          push(heads, reader);
        } catch (IOException _) {
          // It is gone, or keeps no output.
        }
      }
      while (!heads.isEmpty()) {
        OutputReader reader = heads.remove().reader();
        Line line = reader.next();
        sink.line(reader.container(), line.millis(), line.text());
        push(heads, reader);
      }
    } finally {
      readers.forEach(OutputReader::close);
    }
  }

  private static void push(PriorityQueue<Head> heads, OutputReader reader) throws IOException {
    Line line = reader.peek();
    if (line != null) {
      heads.add(new Head(reader, line.millis()));
    }
  }
}
