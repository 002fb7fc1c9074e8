// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.state;

import dev.holdfast.aws.agent.PublishMetricsRequest;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonNumber;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What containers use, as their agents told last: the newest sample of each, in memory. Thread-safe
 * and bounded.
 */
public final class Usage {
  /** How many containers are known at most; the one that was heard of longest ago goes first. */
  public static final int MOST = 20_000;

  /** An older sample says nothing of now. */
  static final Duration FRESH = Duration.ofSeconds(90);

  private record Name(String task, String container) {}

  /**
   * A sample.
   *
   * @param cpu percent of all of its host's processors
   * @param memory MiB
   */
  public record Sample(String container, double cpu, double memory, Instant at) {}

  /** In the order in which they were heard of. */
  private final LinkedHashMap<Name, Sample> samples = new LinkedHashMap<>();

  private final int most;

  public Usage() {
    this(MOST);
  }

  Usage(int most) {
    this.most = most;
  }

  /**
   * Keeps what an agent told.
   *
   * @param its whether a task, by ARN, is on the agent's instance
   */
  public synchronized void take(PublishMetricsRequest request, Predicate<String> its, Instant now) {
    for (PublishMetricsRequest.TaskMetric task : request.taskMetrics()) {
      String arn = task.taskArn();
      if (arn == null || !its.test(arn)) {
        continue;
      }
      for (PublishMetricsRequest.ContainerMetric one : task.containerMetrics()) {
        Double cpu = mean(one.cpuStatsSet());
        Double memory = mean(one.memoryStatsSet());
        String name = one.containerName();
        if (name != null && cpu != null && memory != null) {
          var key = new Name(arn, name);
          samples.remove(key);
          samples.put(key, new Sample(name, cpu, memory, now));
        }
      }
    }
    while (samples.size() > most) {
      samples.remove(samples.keySet().iterator().next());
    }
  }

  /** Of a set as agents send it; null where it holds no sample. */
  private static @Nullable Double mean(@Nullable JsonValue set) {
    if (!(set instanceof JsonObject object)) {
      return null;
    }
    Double count = number(object, "sampleCount");
    Double sum = number(object, "sum");
    if (count == null || sum == null || count <= 0) {
      return null;
    }
    double mean = sum / count;
    return Double.isFinite(mean) && mean >= 0 ? mean : null;
  }

  private static @Nullable Double number(JsonObject object, String name) {
    return object.get(name) instanceof JsonNumber number ? number.asDouble() : null;
  }

  /** The fresh samples, by task; what is stale is forgotten. */
  public synchronized Map<String, List<Sample>> fresh(Instant now) {
    samples.values().removeIf(sample -> sample.at().plus(FRESH).isBefore(now));
    var fresh = new LinkedHashMap<String, List<Sample>>();
    samples.forEach(
        (name, sample) -> fresh.computeIfAbsent(name.task(), _ -> new ArrayList<>()).add(sample));
    return fresh;
  }
}
