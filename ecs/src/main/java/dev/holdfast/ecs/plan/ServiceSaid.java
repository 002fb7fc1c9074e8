// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a service's event is called among the {@code ECS Service Action} events (Amazon ECS
 * Developer Guide, "Amazon ECS service action events").
 *
 * @param type {@code INFO}, {@code WARN} or {@code ERROR}
 */
public record ServiceSaid(String type, String name, @Nullable String reason) {

  /** Empty where AWS has no event for it. */
  public static Optional<ServiceSaid> of(String message) {
    if (message.contains("has reached a steady state")) {
      return Optional.of(new ServiceSaid("INFO", "SERVICE_STEADY_STATE", null));
    }
    if (message.contains("is unable to consistently start tasks")) {
      return Optional.of(new ServiceSaid("WARN", "SERVICE_TASK_START_IMPAIRED", null));
    }
    if (message.contains("was unable to place a task")) {
      return Optional.of(
          new ServiceSaid("ERROR", "SERVICE_TASK_PLACEMENT_FAILURE", reason(message)));
    }
    if (message.contains("failed to launch a task with (error")) {
      return Optional.of(new ServiceSaid("ERROR", "SERVICE_TASK_CONFIGURATION_FAILURE", message));
    }
    return Optional.empty();
  }

  private static String reason(String message) {
    if (message.contains("insufficient CPU")) {
      return "RESOURCE:CPU";
    }
    if (message.contains("insufficient memory")) {
      return "RESOURCE:MEMORY";
    }
    if (message.contains("already using a port")) {
      return "RESOURCE:PORTS";
    }
    if (message.contains("missing an attribute")) {
      return "ATTRIBUTE";
    }
    int quoted = message.indexOf("encountered error \"");
    int end = quoted < 0 ? -1 : message.indexOf('"', quoted + 19);
    return end < 0 ? "NO_CONTAINER_INSTANCE" : message.substring(quoted + 19, end);
  }
}
