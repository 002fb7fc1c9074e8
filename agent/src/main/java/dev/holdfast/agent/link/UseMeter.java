// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.link;

import dev.holdfast.agent.engine.Containers;
import dev.holdfast.agent.plan.UseSample;
import dev.holdfast.agent.task.ContainerState;
import dev.holdfast.agent.task.TaskRunner;
import dev.holdfast.aws.agent.PublishMetricsRequest;
import dev.holdfast.aws.agent.PublishMetricsRequest.ContainerMetric;
import dev.holdfast.aws.agent.PublishMetricsRequest.Metadata;
import dev.holdfast.aws.agent.PublishMetricsRequest.TaskMetric;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what the containers of tasks use. Used by one thread. */
final class UseMeter {
  /** AWS's limit for a message. */
  private static final int TASKS = 10;

  private final Containers containers;

  /** The reading before, by the engine's id. */
  private Map<String, UseSample> before = new HashMap<>();

  UseMeter(Containers containers) {
    this.containers = containers;
  }

  /**
   * Messages of ten tasks at most; none where nothing runs, and of a container nothing before its
   * second reading.
   */
  List<PublishMetricsRequest> read(
      Collection<TaskRunner> runners, String cluster, String instance) {
    var read = new HashMap<String, UseSample>();
    var tasks = new ArrayList<TaskMetric>();
    for (TaskRunner runner : runners) {
      var metrics = new ArrayList<ContainerMetric>();
      for (Map.Entry<String, ContainerState> c : runner.state().containers().entrySet()) {
        String id = c.getValue().runtimeId();
        if (id != null && c.getValue().is(ContainerState.Phase.RUNNING)) {
          ContainerMetric metric = metric(c.getKey(), id, read);
          if (metric != null) {
            metrics.add(metric);
          }
        }
      }
      if (!metrics.isEmpty()) {
        tasks.add(
            new TaskMetric(
                runner.task().arn(),
                runner.task().taskClusterArn(),
                runner.task().family(),
                runner.task().version(),
                List.copyOf(metrics)));
      }
    }
    before = read;
    var messages = new ArrayList<PublishMetricsRequest>();
    for (int from = 0; from < tasks.size(); from += TASKS) {
      int to = Math.min(tasks.size(), from + TASKS);
      messages.add(
          new PublishMetricsRequest(
              new Metadata(cluster, instance, "use", false, to == tasks.size()),
              null,
              List.copyOf(tasks.subList(from, to))));
    }
    return messages;
  }

  private @Nullable ContainerMetric metric(String name, String id, Map<String, UseSample> read) {
    UseSample sample;
    try {
      sample = UseSample.of(containers.stats(id));
    } catch (IOException _) {
      return null; // it has just ended
    }
    if (sample == null) {
      return null;
    }
    read.put(id, sample);
    UseSample known = before.get(id);
    Double cpu = known == null ? null : sample.cpuSince(known);
    return cpu == null
        ? null
        : new ContainerMetric(
            name, UseSample.set(cpu), UseSample.set(sample.memoryMiB()), null, null);
  }
}
