// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.output;

import dev.holdfast.ecs.TaskStream;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.logs.Logs;
import dev.holdfast.logs.plan.Position;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One task's output, oldest first. Used by one thread. */
interface Part extends AutoCloseable {
  /**
   * Some of it.
   *
   * @param at milliseconds; 0 where that is not known
   */
  record Piece(String container, long at, String text) {}

  /** The next piece, or null at the end. */
  @Nullable Piece next() throws IOException;

  @Override
  void close();

  /** What its containers here wrote. */
  final class Local implements Part {
    private final BufferedReader lines;

    Local(InputStream in) {
      this.lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    @Override
    public @Nullable Piece next() throws IOException {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonObject object;
        try {
          object = Json.parseObject(line.getBytes(StandardCharsets.UTF_8));
        } catch (Json.MalformedJson _) {
          return null; // the agent ended in the middle of a line
        }
        String text = object.string("text");
        Long at = object.integer("at");
        if (text != null) {
          return new Piece(String.valueOf(object.string("container")), at == null ? 0 : at, text);
        }
      }
      return null;
    }

    @Override
    public void close() {
      try {
        lines.close();
      } catch (IOException _) {
        // Nobody reads it any more.
      }
    }
  }

  /** What its log streams hold. */
  final class Stored implements Part {
    private final TaskSource source;
    private final List<TaskStream> streams;
    private final long from;
    private final ArrayDeque<Piece> ahead = new ArrayDeque<>();
    private @Nullable Position after;
    private boolean ended;

    Stored(TaskSource source, List<TaskStream> streams, long from) {
      this.source = source;
      this.streams = streams;
      this.from = from;
    }

    @Override
    public @Nullable Piece next() {
      while (ahead.isEmpty() && !ended) {
        Logs.Page page = source.stored(streams, from, after);
        after = page.next();
        ended = after == null;
        page.lines()
            .forEach(
                line -> ahead.add(new Piece(label(line.stream()), line.timestamp(), line.text())));
      }
      return ahead.pollFirst();
    }

    private String label(String stream) {
      return streams.stream()
          .filter(s -> s.stream().equals(stream))
          .map(TaskStream::container)
          .findFirst()
          .orElse(stream);
    }

    @Override
    public void close() {}
  }
}
