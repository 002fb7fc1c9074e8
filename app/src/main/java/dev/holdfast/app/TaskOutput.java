// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.ecs.TaskStream;
import dev.holdfast.kit.Arn;
import dev.holdfast.logs.Logs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What tasks wrote, for people: from their containers where these are here, else from their log
 * streams.
 */
record TaskOutput(Platform platform, LocalAgent agent, InstantSource clock) {
  /**
   * The output of a service's tasks, or of one task.
   *
   * @throws Refusal where nothing is there
   */
  InputStream read(LogQuery query) throws IOException {
    List<Arn> tasks = platform.ecs().tasksNamed(query.name(), query.cluster());
    if (tasks.isEmpty() && !query.cluster().isEmpty()) {
      throw new Refusal(
          "there is no task or service `" + query.name() + "` in cluster " + query.cluster());
    }
    List<String> asked =
        tasks.isEmpty() ? List.of(query.name()) : tasks.stream().map(Arn::toString).toList();
    long since = query.since() == null ? 0 : query.since().toSeconds();
    try {
      return agent.logs(asked, since, query.follow());
    } catch (Refusal e) {
      var streams = new ArrayList<TaskStream>();
      tasks.forEach(task -> streams.addAll(platform.ecs().logStreams(task)));
      if (streams.isEmpty() || query.follow()) {
        throw e;
      }
      long from = since == 0 ? 0 : clock.instant().minusSeconds(since).toEpochMilli();
      return new Stored(platform.logs(), streams, from);
    }
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
