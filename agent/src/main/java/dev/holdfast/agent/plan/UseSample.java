// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.plan;

import dev.holdfast.kit.JsonValue.JsonNumber;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * What a container used, of one reading of the engine's.
 *
 * @param cpuNanos processor time since it started, of all processors together
 * @param processors that it may use
 * @param memory bytes, without what the kernel may take back
 */
public record UseSample(Instant at, long cpuNanos, long processors, long memory) {
  private static final double MEBI = 1024.0 * 1024;

  /** Reads {@code GET /containers/ID/stats}; null where the container does not run. */
  public static @Nullable UseSample of(JsonObject stats) {
    JsonObject cpu = stats.object("cpu_stats");
    Long total = cpu.object("cpu_usage").integer("total_usage");
    Long online = cpu.integer("online_cpus");
    JsonObject memory = stats.object("memory_stats");
    Long usage = memory.integer("usage");
    String read = stats.string("read");
    if (total == null || usage == null || read == null) {
      return null;
    }
    // Version 2 of control groups, then version 1.
    Long inactive = memory.object("stats").integer("inactive_file");
    inactive = inactive == null ? memory.object("stats").integer("total_inactive_file") : inactive;
    long taken = inactive == null || inactive > usage ? usage : usage - inactive;
    try {
      return new UseSample(
          Instant.parse(read), total, online == null || online < 1 ? 1 : online, taken);
    } catch (DateTimeParseException _) {
      return null;
    }
  }

  /** Percent of all processors since an earlier reading; null where there is no telling. */
  public @Nullable Double cpuSince(UseSample before) {
    double nanos = java.time.Duration.between(before.at, at).toNanos();
    if (nanos <= 0 || cpuNanos < before.cpuNanos) {
      return null; // it was started again
    }
    return Math.min(100, 100 * (cpuNanos - before.cpuNanos) / nanos / processors);
  }

  public double memoryMiB() {
    return memory / MEBI;
  }

  /** A set of one sample, as agents send it. */
  public static JsonObject set(double value) {
    JsonNumber number = JsonNumber.of(Math.round(value * 1000) / 1000.0);
    return JsonObject.EMPTY
        .with("min", number)
        .with("max", number)
        .with("sampleCount", 1)
        .with("sum", number);
  }
}
