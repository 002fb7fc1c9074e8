// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.output;

import dev.holdfast.ecs.TaskStanding;
import dev.holdfast.ecs.TaskStream;
import dev.holdfast.kit.Arn;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Shows what tasks wrote, merged by time: from their containers where those are here, from their
 * log streams where they are elsewhere or gone; whose output cannot be had is said beside it.
 */
public final class TaskOutput {
  private final TaskSource source;
  private final Instant now;

  public TaskOutput(TaskSource source, Instant now) {
    this.source = source;
    this.now = now;
  }

  /** A part whose next piece is known. */
  private record Head(Part part, Part.Piece piece, String task) {}

  /**
   * Shows it.
   *
   * @param since seconds back; 0 from the beginning
   * @param follow whether to go on as more is written, and as more tasks come
   * @throws NothingShown where nothing at all can be shown
   */
  public void show(long since, boolean follow, Shown shown) throws IOException {
    long from = since == 0 ? 0 : now.minusSeconds(since).toEpochMilli();
    List<Arn> tasks = source.tasks();
    if (follow && (!tasks.isEmpty() || source.expectsMore())) {
      new Following(source, now, shown).follow(from);
      return;
    }
    if (tasks.isEmpty()) {
      forgotten(from, shown);
      return;
    }
    var parts = new ArrayList<Part>();
    var notes = new ArrayList<String>();
    try {
      var heads = new PriorityQueue<Head>(Comparator.comparingLong(h -> h.piece().at()));
      for (Arn task : tasks) {
        Part part = part(task, from, whole(tasks, task), notes);
        if (part != null) {
          parts.add(part);
          push(heads, part, id(task));
        }
      }
      if (parts.isEmpty()) {
        throw new NothingShown(String.join("\n", notes));
      }
      for (String note : notes) {
        shown.note(note);
      }
      merge(heads, tasks, shown);
    } finally {
      parts.forEach(Part::close);
    }
  }

  private void merge(PriorityQueue<Head> heads, List<Arn> tasks, Shown shown) throws IOException {
    boolean whole = whole(tasks, tasks.getFirst());
    boolean several = tasks.size() > 1;
    boolean named = several || containers(tasks.getFirst()) > 1;
    while (!heads.isEmpty()) {
      Head head = heads.remove();
      shown.text(
          whole && head.piece().at() == 0
              ? head.piece().text()
              : line(head.piece(), several ? head.task() : "", named));
      push(heads, head.part(), head.task());
    }
  }

  static String line(Part.Piece piece, String task, boolean named) {
    String label =
        (task.isEmpty() ? "" : task.substring(0, Math.min(8, task.length())) + "/")
            + piece.container();
    return (named ? label + " | " : "") + piece.text() + "\n";
  }

  private static void push(PriorityQueue<Head> heads, Part part, String task) throws IOException {
    Part.Piece piece = part.next();
    if (piece != null) {
      heads.add(new Head(part, piece, task));
    }
  }

  /** The output of a task that the platform does not remember, where its containers are here. */
  private void forgotten(long from, Shown shown) throws IOException {
    Optional<InputStream> in = source.local(source.name(), from, false, false);
    if (in.isEmpty()) {
      throw new NothingShown("no container of this task is on this host");
    }
    try (var part = new Part.Local(in.get())) {
      for (Part.Piece piece = part.next(); piece != null; piece = part.next()) {
        shown.text(line(piece, "", true));
      }
    }
  }

  private boolean whole(List<Arn> tasks, Arn task) {
    return tasks.size() == 1 && containers(task) == 1;
  }

  private int containers(Arn task) {
    return source.standing(task).map(TaskStanding::containers).orElse(0);
  }

  private @Nullable Part part(Arn task, long from, boolean whole, List<String> notes)
      throws IOException {
    String why = "";
    if (source.machine(task).isEmpty()) {
      try {
        Optional<InputStream> in = source.local(task.toString(), from, false, whole);
        if (in.isPresent()) {
          return new Part.Local(in.get());
        }
      } catch (NothingShown e) {
        why = String.valueOf(e.getMessage());
      }
    }
    List<TaskStream> streams = source.streams(task);
    if (streams.isEmpty()) {
      notes.add(why.isEmpty() ? missing(source, task) : why);
      return null;
    }
    return new Part.Stored(source, streams, from);
  }

  static String id(Arn task) {
    return task.resource().substring(task.resource().lastIndexOf('/') + 1);
  }

  /** Why the output of a task cannot be had, and where to look for it. */
  static String missing(TaskSource source, Arn task) {
    return source
        .machine(task)
        .map(
            host ->
                "task "
                    + id(task)
                    + ": the task runs on the machine "
                    + host
                    + ", and its containers do not log with awslogs, so what they write is there"
                    + " alone. On "
                    + host
                    + ": docker ps --all --filter label=dev.holdfast.task-arn="
                    + task
                    + " (of Amazon's agent: label=com.amazonaws.ecs.task-arn="
                    + task
                    + "), then docker logs CONTAINER. With the log driver awslogs it is shown"
                    + " here")
        .orElse(
            "task "
                + id(task)
                + ": no container of this task is on this host, and they did not log with awslogs");
  }
}
