// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.logs;

import dev.holdfast.aws.agent.PayloadContainer;
import dev.holdfast.aws.agent.PayloadTask;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a container with the driver {@code awslogs} writes to.
 *
 * @param stream with {@code {id}} for the engine's id of the container, where nothing else is said
 * @param createGroup whether the group is made where it is missing
 * @param start what the first line of an event looks like; null where each line is one
 * @param blocking whether the engine's file waits for us, rather than lines being dropped
 * @param buffer bytes of lines that wait for being sent
 */
record LogRoute(
    String region,
    String group,
    String stream,
    boolean createGroup,
    @Nullable EventStart start,
    boolean blocking,
    long buffer) {
  private static final long BLOCKING_BUFFER = 1 << 20;
  private static final long DEFAULT_BUFFER = 10 << 20;

  /** No container keeps more in memory, whatever it asks for. */
  private static final long LARGEST_BUFFER = 8 << 20;

  private static final String ID = "{id}";

  /** The route of a container, or null where it has none. */
  static @Nullable LogRoute of(PayloadTask task, PayloadContainer container) {
    PayloadContainer.DockerConfig docker = container.dockerConfig();
    String text = docker == null ? null : docker.hostConfig();
    if (text == null || text.isBlank()) {
      return null;
    }
    JsonObject log;
    try {
      log = Json.parseObject(text).object("LogConfig");
    } catch (Json.MalformedJson _) {
      return null; // which the container's creation tells
    }
    if (!"awslogs".equals(log.string("Type"))) {
      return null;
    }
    var options = new HashMap<String, String>();
    log.object("Config")
        .members()
        .forEach(
            (name, value) -> {
              if (value instanceof JsonString(var set)) {
                options.put(name, set);
              }
            });
    return of(task, container, options);
  }

  private static LogRoute of(
      PayloadTask task, PayloadContainer container, Map<String, String> options) {
    String region = Arn.parse(task.arn()).map(Arn::region).orElse("us-east-1");
    boolean blocking = "blocking".equals(options.get("mode"));
    long asked = bytes(options.getOrDefault("max-buffer-size", ""), DEFAULT_BUFFER);
    return new LogRoute(
        options.getOrDefault("awslogs-region", region),
        options.getOrDefault("awslogs-group", ""),
        stream(task, container, options),
        "true".equals(options.get("awslogs-create-group")),
        EventStart.of(
            options.get("awslogs-multiline-pattern"), options.get("awslogs-datetime-format")),
        blocking,
        blocking ? BLOCKING_BUFFER : Math.min(LARGEST_BUFFER, asked));
  }

  private static String stream(
      PayloadTask task, PayloadContainer container, Map<String, String> options) {
    String exact = options.get("awslogs-stream");
    String prefix = options.get("awslogs-stream-prefix");
    if (exact != null) {
      return exact;
    }
    String id = task.arn().substring(task.arn().lastIndexOf('/') + 1);
    return prefix == null ? ID : prefix + "/" + container.name() + "/" + id;
  }

  /** The name of the stream for a container with an id. */
  String streamOf(String id) {
    return stream.replace(ID, id);
  }

  /** Whether the stream's name is known before the container is made. */
  boolean named() {
    return !stream.contains(ID);
  }

  private static long bytes(String size, long otherwise) {
    String text = size.toLowerCase(Locale.ROOT);
    if (!text.matches("[0-9]{1,9}[bkm]?")) {
      return otherwise;
    }
    String digits = text.replaceAll("[bkm]", "");
    int shift = text.endsWith("k") ? 10 : text.endsWith("m") ? 20 : 0;
    return Long.parseLong(digits) << shift;
  }
}
