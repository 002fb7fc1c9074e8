// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.logs;

import dev.holdfast.agent.engine.ContainerLogs;
import java.io.IOException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** One container's lines, read ahead by one. Used by one thread. */
final class OutputReader implements AutoCloseable {
  private final String container;
  private final ContainerLogs logs;
  private final Lines lines;
  private final ArrayDeque<Line> ahead = new ArrayDeque<>();
  private boolean ended;

  /**
   * Makes a reader.
   *
   * @param logs with the time before each piece
   */
  OutputReader(String container, ContainerLogs logs) {
    this(container, logs, Place.BEGIN);
  }

  /** As above, of the lines after a place alone. */
  OutputReader(String container, ContainerLogs logs, Place after) {
    this.container = container;
    this.logs = logs;
    this.lines = new Lines(after);
  }

  String container() {
    return container;
  }

  /** The next line, or null where there is none and will be none. */
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
