// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.output;

import dev.holdfast.ecs.TaskStanding;
import dev.holdfast.ecs.TaskStream;
import dev.holdfast.kit.Arn;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Shows what tasks write as they write it, of a service also what the tasks write that come later;
 * until the last has ended and none will come, or nobody reads any more.
 */
final class Following {
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** So often it is tried whether anybody reads, where nothing is written. */
  private static final Duration BEAT = Duration.ofSeconds(10);

  /** What was read and not yet shown; readers wait beyond that. */
  private static final int AHEAD = 1024;

  /** A clock of the tasks may be behind that of who asks. */
  private static final Duration SLACK = Duration.ofSeconds(5);

  private final TaskSource source;
  private final Instant begun;
  private final Shown shown;

  /** Whether lines are marked with their task; asked once, since it is needed for each of them. */
  private final boolean service;

  private final BlockingQueue<Item> queue = new ArrayBlockingQueue<>(AHEAD);
  private final Map<Arn, Thread> followers = new HashMap<>();
  private final Set<Part> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private record Item(boolean note, String text) {}

  /**
   * A task that is followed.
   *
   * @param named whether its lines tell which container wrote them
   */
  private record Followed(Arn task, boolean named, int containers) {}

  Following(TaskSource source, Instant begun, Shown shown) {
    this.source = source;
    this.begun = begun;
    this.shown = shown;
    this.service = source.expectsMore();
  }

  void follow(long from) throws IOException {
    try {
      look(source.tasks(), from, true);
      long told = System.nanoTime();
      long looked = told;
      while (true) {
        boolean over = followers.values().stream().noneMatch(Thread::isAlive);
        Item item = queue.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        if (item != null) {
          write(item);
          told = System.nanoTime();
        } else if (over && !source.expectsMore()) {
          return;
        }
        if (System.nanoTime() - told > BEAT.toNanos()) {
          shown.alive();
          told = System.nanoTime();
        }
        // However much there is to show, what has come meanwhile is followed too.
        if (System.nanoTime() - looked > LOOK.toNanos()) {
          look(source.tasks(), 0, false);
          looked = System.nanoTime();
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      closed = true;
      followers.values().forEach(Thread::interrupt);
      open.forEach(Part::close);
    }
  }

  private void write(Item item) throws IOException {
    Item next = item;
    for (int i = 0; i < AHEAD && next != null; i++) {
      if (next.note()) {
        shown.note(next.text());
      } else {
        shown.text(next.text());
      }
      next = i == AHEAD - 1 ? null : queue.poll();
    }
  }

  /** Begins to follow what has come; of what is over by then, only what began meanwhile. */
  private void look(List<Arn> tasks, long from, boolean first) {
    for (Arn task : tasks) {
      Optional<TaskStanding> standing = source.standing(task);
      boolean wanted =
          first
              || standing
                  .filter(s -> s.live() || s.createdAt().isAfter(begun.minus(SLACK)))
                  .isPresent();
      if (wanted && !followers.containsKey(task)) {
        int containers = standing.map(TaskStanding::containers).orElse(0);
        var followed = new Followed(task, service || containers > 1, containers);
        followers.put(task, Thread.ofVirtual().name("logs").start(() -> follow(followed, from)));
      }
    }
    followers
        .entrySet()
        .removeIf(e -> !e.getValue().isAlive() && source.standing(e.getKey()).isEmpty());
  }

  private void follow(Followed followed, long from) {
    Arn task = followed.task();
    try {
      boolean seen = false;
      String told = "";
      var progress = new Progress(from);
      while (!closed) {
        boolean live = live(task);
        Part part = null;
        try {
          part = local(task, progress.readOn(followed.containers()), live);
        } catch (NothingShown e) {
          told = once(told, String.valueOf(e.getMessage()));
        } catch (IOException _) {
          // The agent is being started again; it is asked again while the task lives.
        }
        if (part != null) {
          seen = true;
          copy(part, followed, progress);
        } else if (source.machine(task).isPresent() || (!live && !seen)) {
          List<TaskStream> streams = source.streams(task);
          if (streams.isEmpty()) {
            once(told, TaskOutput.missing(source, task));
          } else {
            stored(followed, streams, progress);
          }
          return;
        }
        if (!live) {
          return;
        }
        TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean live(Arn task) {
    return source.standing(task).filter(TaskStanding::live).isPresent();
  }

  private String once(String told, String text) throws InterruptedException {
    if (!text.equals(told)) {
      queue.put(new Item(true, text));
    }
    return text;
  }

  private @Nullable Part local(Arn task, long from, boolean live) throws IOException {
    Optional<InputStream> in =
        source.machine(task).isPresent()
            ? Optional.empty()
            : source.local(task.toString(), from, live, false);
    return in.isEmpty() ? null : new Part.Local(in.get());
  }

  /** Shows what comes of a part until it ends, but for what was shown before. */
  private void copy(Part part, Followed followed, Progress progress) throws InterruptedException {
    open.add(part);
    try (part) {
      // Who closes what is open has looked before this one was added, or will see it.
      Part.Piece piece = closed ? null : part.next();
      for (; piece != null && !closed; piece = part.next()) {
        if (progress.isNew(piece)) {
          put(piece, followed);
          progress.shown(piece);
        }
      }
    } catch (IOException _) {
      // It has ended, or is closed since nobody reads any more.
    } finally {
      open.remove(part);
    }
  }

  private void put(Part.Piece piece, Followed followed) throws InterruptedException {
    String id = service ? TaskOutput.id(followed.task()) : "";
    queue.put(new Item(false, TaskOutput.line(piece, id, followed.named())));
  }

  /** Reads log streams again and again until the task has ended. */
  private void stored(Followed followed, List<TaskStream> streams, Progress progress)
      throws InterruptedException {
    int rest = 2; // what a task wrote last comes a moment after its end
    while (!closed && rest > 0) {
      rest = live(followed.task()) ? rest : rest - 1;
      for (TaskStream stream : streams) {
        long from = progress.readOn(stream.container());
        copy(new Part.Stored(source, List.of(stream), from), followed, progress);
      }
      if (rest > 0) {
        TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
      }
    }
  }
}
