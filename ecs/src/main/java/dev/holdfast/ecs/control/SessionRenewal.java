// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.ecs.model.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Stream;

/** When a task's sessions are due to be renewed, and which of them stay listed. Pure. */
final class SessionRenewal {
  /** So long before its end a session is renewed. */
  private static final Duration AHEAD_OF_END = Duration.ofMinutes(30);

  /** So far ahead a session may be issued and still be taken. */
  private static final Duration AHEAD = Duration.ofDays(1);

  /** Of one task at a time: two roles, and eight starts of its agent within a session's life. */
  private static final int MOST_SESSIONS = 16;

  private SessionRenewal() {}

  /**
   * Whether a role of the task has no session that lasts. One that ends later than any that is
   * opened now was opened by a clock that was wrong, and is refused for it.
   */
  static boolean due(Task task, Instant now) {
    var last = new HashMap<String, Instant>();
    task.credentials()
        .sessions()
        .forEach(
            s -> {
              boolean wrong = s.expires().isAfter(now.plus(TaskSessions.LIFE).plus(AHEAD));
              Instant end = wrong ? Instant.MIN : s.expires();
              last.merge(s.roleArn(), end, (a, b) -> a.isAfter(b) ? a : b);
            });
    return last.values().stream().anyMatch(end -> end.isBefore(now.plus(AHEAD_OF_END)));
  }

  /**
   * A task that lists these sessions too. Old ones stay listed until they end by themselves, so
   * that the task's end can end them too. An agent that asks for ever more of them loses the
   * oldest.
   */
  static Task listed(Task task, List<Task.IssuedSession> more, Instant now) {
    List<Task.IssuedSession> all =
        Stream.concat(
                task.credentials().sessions().stream().filter(s -> s.expires().isAfter(now)),
                more.stream())
            .toList();
    return task.with(
        task.credentials().with(all.subList(Math.max(0, all.size() - MOST_SESSIONS), all.size())));
  }
}
