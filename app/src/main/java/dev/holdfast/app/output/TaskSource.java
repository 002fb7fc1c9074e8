// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.output;

import dev.holdfast.ecs.TaskStanding;
import dev.holdfast.ecs.TaskStream;
import dev.holdfast.kit.Arn;
import dev.holdfast.logs.Logs;
import dev.holdfast.logs.plan.Position;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is to be known of the tasks that somebody asks for, and where their output is. */
public interface TaskSource {
  /** The name that was asked for. */
  String name();

  /** The tasks of that name now: those that live, or where none does those that are remembered. */
  List<Arn> tasks();

  /** Whether more tasks may come: it is the name of a service that is not over. */
  boolean expectsMore();

  /** How a task stands; empty where it is not known any more. */
  Optional<TaskStanding> standing(Arn task);

  /** The name of the machine that a task is on; empty where that is the platform's own. */
  Optional<String> machine(Arn task);

  /** The log streams that a task's containers write to. */
  List<TaskStream> streams(Arn task);

  /**
   * What a task's containers on the platform's own machine wrote: an object a line, with {@code
   * container}, {@code at} and {@code text}, or an empty one.
   *
   * @param from milliseconds
   * @param whole whether the output of one container is given as it is, not line by line
   * @return empty where there is no container of the task
   * @throws NothingShown where nobody can be asked
   */
  Optional<InputStream> local(String task, long from, boolean follow, boolean whole)
      throws IOException;

  /** A page of log streams, merged by time. */
  Logs.Page stored(List<TaskStream> streams, long from, @Nullable Position after);
}
