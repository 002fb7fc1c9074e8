// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.ecs.model.ContainerSpec;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskSpec;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.Region;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What a task's log session may do: write to the log groups that its containers name. Pure. */
final class LogRights {
  private LogRights() {}

  /** The statements of its session policy; none where no container writes to a log group. */
  static List<JsonValue> of(Task task, TaskSpec spec) {
    var groups = new TreeSet<String>();
    for (ContainerSpec c : spec.containerDefinitions()) {
      ContainerSpec.LogConfiguration log = c.logConfiguration();
      if (log != null && "awslogs".equals(log.logDriver())) {
        groups.add(group(task, log.options()));
      }
    }
    return groups.isEmpty()
        ? List.of()
        : List.of(
            TaskSessions.allow(
                List.of("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"),
                groups));
  }

  /** The group with all of its streams. */
  private static String group(Task task, Map<String, String> options) {
    Region region =
        Region.parse(options.getOrDefault("awslogs-region", "")).orElse(task.key().region());
    return Arn.of(
            "logs",
            region,
            task.key().account(),
            "log-group:" + options.getOrDefault("awslogs-group", "") + ":*")
        .toString();
  }
}
