// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import java.time.Duration;

/** Something the agent does next for a task; each is done once and ends in a new state. */
public sealed interface Step {
  /** Make the task's network and volumes, and fetch its secrets. */
  record Provision() implements Step {}

  /** Pull a container's image. */
  record Pull(String container) implements Step {}

  /** Make a container. */
  record Create(String container) implements Step {}

  /** Start a container, for the first time or again. */
  record Start(String container) implements Step {}

  /** Stop a container: its stop signal, then SIGKILL after {@code patience}. */
  record Stop(String container, Duration patience) implements Step {}

  /** Remove the task's network. */
  record Release() implements Step {}

  /** Remove containers, volumes and every record of the task. */
  record CleanUp() implements Step {}
}
