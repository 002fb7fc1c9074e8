// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import dev.holdfast.aws.agent.PayloadContainer;
import dev.holdfast.aws.agent.PayloadTask;
import java.io.IOException;
import java.time.Duration;

/** Where the output of a task's containers goes beside the engine's own files. */
public interface TaskOutput {
  /** Nowhere. */
  TaskOutput NOWHERE =
      new TaskOutput() {
        @Override
        public void open(PayloadTask task, PayloadContainer container, String id) {}

        @Override
        public void follow(PayloadTask task, PayloadContainer container, String id) {}

        @Override
        public void finish(String taskArn, Duration patience) {}
      };

  /**
   * Makes the container's log stream where it has one, before the container starts.
   *
   * @param id the engine's id of the container
   * @throws IOException with the reason, where it cannot be had
   */
  void open(PayloadTask task, PayloadContainer container, String id) throws IOException;

  /** Takes along what a container writes, from where an earlier agent left off. */
  void follow(PayloadTask task, PayloadContainer container, String id);

  /** Waits until everything of a task's ended containers is taken along, then forgets the task. */
  void finish(String taskArn, Duration patience);
}
