// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.task;

import dev.holdfast.aws.agent.PayloadContainer;
import dev.holdfast.aws.agent.PayloadTask;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What a task's steps do for the output of its containers. */
record OutputSteps(TaskHost host, PayloadTask task) {

  /**
   * Why a log stream of a FARGATE task cannot be had, in AWS's words; null where it can. For other
   * tasks that is found out at the container's start, as by the container engine of EC2.
   */
  @Nullable String fault() {
    if (!"FARGATE".equals(task.launchType())) {
      return null;
    }
    for (PayloadContainer container : task.containers()) {
      try {
        host.output().open(task, container, "");
      } catch (IOException e) {
        return "ResourceInitializationError: failed to validate logger args: create stream has been"
            + " retried 1 times: failed to create Cloudwatch log stream: "
            + e.getMessage()
            + " : exit status 1";
      }
    }
    return null;
  }

  /** Why the log stream of a container that is to start cannot be had; null where it can. */
  @Nullable String open(PayloadContainer container, String id) {
    try {
      host.output().open(task, container, id);
      return null;
    } catch (IOException e) {
      return "CannotStartContainerError: Error response from daemon: failed to initialize logging"
          + " driver: failed to create Cloudwatch log stream: "
          + e.getMessage();
    }
  }

  /** Goes on taking along the output of containers that an earlier agent started. */
  void follow(TaskState state) {
    for (PayloadContainer container : task.containers()) {
      ContainerState known = state.container(container.name());
      String id = known.runtimeId();
      if (id != null && known.everStarted()) {
        host.output().follow(task, container, id);
      }
    }
  }
}
