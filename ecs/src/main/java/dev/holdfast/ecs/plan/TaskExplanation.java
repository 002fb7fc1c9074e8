// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import dev.holdfast.ecs.model.ContainerState;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskStatus;
import dev.holdfast.kit.Printable;
import org.jspecify.annotations.Nullable;

/** What was decided for a task, in words; never a secret's value. */
public record TaskExplanation(String text) {

  public static TaskExplanation of(Task task) {
    var text = new StringBuilder();
    line(text, "task", task.key().arn().toString());
    line(text, "definition", task.launch().definition().arn().toString());
    TaskStatus status = task.status();
    line(text, "status", status.lastStatus() + ", wanted " + status.desiredStatus());
    if (status.stopCode() != null) {
      line(text, "stopped", status.stopCode() + ": " + status.stoppedReason());
    }
    Task.Environment environment = task.environment();
    line(
        text,
        "environment",
        environment.name() == null
            ? "none: no tag `environment` on the task, its definition or its cluster"
            : environment.name() + ", from the tag of the " + environment.from());
    line(text, "task role", role(task.credentials().taskRoleArn()));
    line(text, "execution role", role(task.credentials().executionRoleArn()));
    text.append("images\n");
    for (ContainerState c : task.containers()) {
      text.append("  ").append(shown(c.name())).append(": ").append(shown(c.image()));
      text.append(c.imageDigest() == null ? " (not pinned)" : " is " + shown(c.imageDigest()));
      text.append('\n');
    }
    if (!task.secrets().isEmpty()) {
      text.append("secrets\n");
      for (Task.ResolvedSecret s : task.secrets()) {
        text.append("  ").append(shown(s.container())).append(' ').append(shown(s.variable()));
        text.append(": ").append(shown(s.valueFrom()));
        text.append(
            s.parameter() == null
                ? " (asked for as written)"
                : " is "
                    + shown(s.parameter())
                    + " version "
                    + (s.versionId() == null ? Long.toString(s.version()) : shown(s.versionId())));
        text.append('\n');
      }
    }
    text.append("guardrails\n");
    if (task.verdicts().isEmpty()) {
      text.append("  nothing to say\n");
    }
    task.verdicts().forEach(v -> text.append("  ").append(shown(v)).append('\n'));
    return new TaskExplanation(text.toString());
  }

  private static String role(@Nullable String arn) {
    return arn == null ? "none" : arn;
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(name).append(": ").append(shown(value)).append('\n');
  }

  /** Names, images and reasons are others' words: none of them begins a line of its own. */
  private static String shown(String text) {
    return Printable.line(text);
  }
}
