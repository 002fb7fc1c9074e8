// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.ecs.model.ContainerSpec;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.plan.ValueFrom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How an instance's agent reads a payload. Pure.
 *
 * @param stock whether it is Amazon's own agent: it asks Parameter Store for names alone, and hands
 *     the options of a log driver to its engine as they come
 * @param url the platform's, as the agent reaches it
 */
record Dialect(boolean stock, String url) {
  /** Of an agent of ours. */
  static final Dialect OURS = new Dialect(false, "");

  private static final String PREFIX = "awslogs-stream-prefix";
  private static final String STREAM = "awslogs-stream";

  /** Whether the log driver is to write with the task's execution role. */
  boolean logsByExecutionRole(Task task, ContainerSpec c) {
    ContainerSpec.LogConfiguration log = c.logConfiguration();
    return stock
        && log != null
        && "awslogs".equals(log.logDriver())
        && task.credentials().executionRoleArn() != null;
  }

  /**
   * The options of a container's log driver. The engine's own {@code awslogs} knows no prefix, no
   * default region and no other address than AWS's.
   */
  Map<String, String> logOptions(Task task, ContainerSpec c, ContainerSpec.LogConfiguration log) {
    if (!stock || !"awslogs".equals(log.logDriver())) {
      return log.options();
    }
    var options = new LinkedHashMap<>(log.options());
    String prefix = options.remove(PREFIX);
    if (prefix != null) {
      options.putIfAbsent(STREAM, prefix + "/" + c.label() + "/" + task.key().id());
    }
    options.putIfAbsent("awslogs-region", task.key().region().name());
    options.put("awslogs-endpoint", url);
    if (options.putIfAbsent("mode", "non-blocking") == null) {
      options.putIfAbsent("max-buffer-size", "10m");
    }
    return options;
  }

  /**
   * Why the agent would give a container another value than the definition says, or empty. A
   * parameter that Amazon's agent asks for by version or label it does not find again in the
   * answer, and its container would get the empty text.
   */
  Optional<String> unreadable(Task task) {
    if (!stock) {
      return Optional.empty();
    }
    return task.secrets().stream()
        .filter(s -> selected(task, s))
        .findFirst()
        .map(
            s ->
                "ResourceInitializationError: unable to pull secrets or registry auth: the Amazon"
                    + " ECS agent of this instance reads no chosen version or label of a parameter,"
                    + " as in `"
                    + s.valueFrom()
                    + "`; leave it out, or run the task on a host with Holdfast's agent");
  }

  private static boolean selected(Task task, Task.ResolvedSecret s) {
    return switch (parsed(task, s)) {
      case ValueFrom.Parameter p -> p.selector() != null;
      case ValueFrom.Elsewhere e -> e.arn().indexOf(':', e.arn().indexOf(":parameter/") + 1) >= 0;
      case ValueFrom.Secret _, ValueFrom.Refused _ -> false;
    };
  }

  static ValueFrom parsed(Task task, Task.ResolvedSecret s) {
    return ValueFrom.parse(
        s.valueFrom(), task.key().account().digits(), task.key().region().name());
  }

  /**
   * What to ask Parameter Store for: exactly the version that was found, or, of Amazon's agent,
   * which keeps values by the name that comes back, the name alone.
   */
  String parameter(Task.ResolvedSecret s) {
    String found = s.parameter();
    if (found == null) {
      return s.valueFrom();
    }
    return stock ? found : found + ":" + s.version();
  }

  /** As {@link #parameter}, of a parameter of another region or account. */
  String elsewhere(Task task, String arn) {
    String own = ":" + task.key().account().digits() + ":parameter/";
    int at = arn.indexOf(own);
    if (!stock || at < 0) {
      return arn;
    }
    String rest = arn.substring(at + own.length());
    return rest.indexOf('/') >= 0 ? "/" + rest : rest;
  }
}
