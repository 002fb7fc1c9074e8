// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import java.io.IOException;

/** Takes reports to the platform. */
public interface TaskReporter {

  /**
   * Returns when the platform has acknowledged the report or refused it for good.
   *
   * @throws IOException where it may succeed later
   */
  void submit(TaskReport report) throws IOException;

  /** Called when a container's health has changed. */
  void healthChanged(String taskArn);
}
