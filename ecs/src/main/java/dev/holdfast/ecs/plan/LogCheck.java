// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import static dev.holdfast.ecs.plan.TaskDefinitionCheck.first;
import static dev.holdfast.ecs.plan.TaskDefinitionCheck.parameter;

import dev.holdfast.ecs.model.ContainerSpec;
import dev.holdfast.ecs.model.TaskSpec;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Decides whether a container's {@code logConfiguration} is one. Pure.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html">The
 *     awslogs log driver</a>
 */
final class LogCheck {
  private static final String GROUP = "awslogs-group";
  private static final String REGION = "awslogs-region";
  private static final String PREFIX = "awslogs-stream-prefix";
  private static final String STREAM = "awslogs-stream";
  private static final String CREATE = "awslogs-create-group";
  private static final String FORMAT = "awslogs-datetime-format";
  private static final String MULTILINE = "awslogs-multiline-pattern";
  private static final String MODE = "mode";
  private static final String BUFFER = "max-buffer-size";

  private static final Set<String> AWSLOGS =
      Set.of(GROUP, REGION, PREFIX, STREAM, CREATE, FORMAT, MULTILINE, MODE, BUFFER);

  /** What the container engine's own files would take; they are capped by the host. */
  private static final Set<String> JSON_FILE =
      Set.of("max-size", "max-file", "labels", "env", "compress", "tag", MODE, BUFFER);

  private static final Pattern REGION_NAME = Pattern.compile("[a-z0-9-]{1,64}");
  private static final Pattern GROUP_NAME = Pattern.compile("[.\\-_/#A-Za-z0-9]{1,512}");
  private static final Pattern STREAM_NAME = Pattern.compile("[^:*]{1,400}");
  private static final Pattern SIZE =
      Pattern.compile("([0-9]{1,9})([bkm]?)", Pattern.CASE_INSENSITIVE);

  private LogCheck() {}

  static Optional<Fault> fault(ContainerSpec c, TaskSpec task) {
    ContainerSpec.LogConfiguration log = c.logConfiguration();
    String driver = log == null ? null : log.logDriver();
    if (log == null || driver == null) {
      return Optional.empty();
    }
    return switch (driver) {
      case "awslogs" -> awslogs(c, task, log.options());
      case "json-file" -> disallowed(driver, log.options(), JSON_FILE);
      case "none" -> disallowed(driver, log.options(), Set.of());
      default ->
          Optional.of(
              Fault.parameter(
                  "`logConfiguration.logDriver` "
                      + driver
                      + " of the container "
                      + c.label()
                      + " is not served: awslogs, json-file and none are"));
    };
  }

  private static Optional<Fault> disallowed(
      String driver, Map<String, String> options, Set<String> known) {
    var others = new TreeSet<>(options.keySet());
    others.removeAll(known);
    return others.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Fault.client(
                "Log driver " + driver + " disallows options: " + String.join(", ", others)));
  }

  private static Optional<Fault> awslogs(
      ContainerSpec c, TaskSpec task, Map<String, String> options) {
    boolean fargate = task.requiresCompatibilities().contains("FARGATE");
    return first(
        () -> disallowed("awslogs", options, AWSLOGS),
        () -> required(options, GROUP),
        () ->
            fargate && !options.containsKey(STREAM) ? required(options, PREFIX) : Optional.empty(),
        () ->
            TaskDefinitionCheck.client(
                fargate && task.executionRoleArn() == null,
                "Fargate requires task definition to have execution role ARN to support log driver"
                    + " awslogs."),
        () -> form(c, options, GROUP, GROUP_NAME),
        () -> form(c, options, REGION, REGION_NAME),
        () -> form(c, options, PREFIX, STREAM_NAME),
        () -> form(c, options, STREAM, STREAM_NAME),
        () -> form(c, options, CREATE, Pattern.compile("true|false")),
        () -> form(c, options, MODE, Pattern.compile("blocking|non-blocking")),
        () -> buffer(c, options),
        () ->
            parameter(
                options.containsKey(FORMAT) && options.containsKey(MULTILINE),
                "`logConfiguration.options` of the container "
                    + c.label()
                    + ": awslogs-datetime-format and awslogs-multiline-pattern cannot be configured"
                    + " together"),
        () -> expression(c, options));
  }

  private static Optional<Fault> required(Map<String, String> options, String name) {
    String value = options.get(name);
    return TaskDefinitionCheck.client(
        value == null || value.isEmpty(), "Log driver awslogs requires options: " + name);
  }

  private static Optional<Fault> form(
      ContainerSpec c, Map<String, String> options, String name, Pattern form) {
    String value = options.get(name);
    return parameter(
        value != null && !form.matcher(value).matches(),
        "`logConfiguration.options` " + name + " of the container " + c.label() + " is not valid");
  }

  private static Optional<Fault> buffer(ContainerSpec c, Map<String, String> options) {
    String size = options.get(BUFFER);
    if (size == null) {
      return Optional.empty();
    }
    return first(
        () ->
            parameter(
                "blocking".equals(options.get(MODE)),
                "`logConfiguration.options` max-buffer-size of the container "
                    + c.label()
                    + " goes with mode non-blocking alone"),
        () -> form(c, options, BUFFER, SIZE),
        () ->
            parameter(
                bytes(size) < 64 * 1024 || bytes(size) > 256L << 20,
                "`logConfiguration.options` max-buffer-size of the container "
                    + c.label()
                    + " must be between 64k and 256m"));
  }

  /** A size such as {@code 25m}; {@link Long#MAX_VALUE} for what is none. */
  static long bytes(String size) {
    var matcher = SIZE.matcher(size);
    if (!matcher.matches()) {
      return Long.MAX_VALUE;
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "k", "K" -> number << 10;
      case "m", "M" -> number << 20;
      default -> number;
    };
  }

  private static Optional<Fault> expression(ContainerSpec c, Map<String, String> options) {
    String text = options.get(MULTILINE);
    if (text == null) {
      return Optional.empty();
    }
    boolean wrong = text.isEmpty() || text.length() > 1024;
    try {
      Pattern _ = Pattern.compile(text);
    } catch (PatternSyntaxException _) {
      wrong = true;
    }
    return parameter(
        wrong,
        "`logConfiguration.options` awslogs-multiline-pattern of the container "
            + c.label()
            + " is not a regular expression");
  }
}
