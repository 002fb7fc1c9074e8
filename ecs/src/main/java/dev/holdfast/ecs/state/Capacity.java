// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.state;

import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.ecs.model.CapacityProvider;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.model.TaskSpec;
import dev.holdfast.ecs.plan.CapacityPlan;
import dev.holdfast.ecs.plan.FargateCheck;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** On what tasks run: a launch type, or the capacity providers of a strategy. */
public final class Capacity {
  /** The platform versions that are known; tasks of ours are like those of the newest. */
  private static final Set<String> VERSIONS = Set.of("LATEST", "1.3.0", "1.4.0");

  /** The version that {@code LATEST} means. */
  private static final String LATEST = "1.4.0";

  private Capacity() {}

  /** What was asked for; everything may be absent. */
  public record Asked(
      @Nullable String launchType,
      List<Cluster.StrategyItem> strategy,
      @Nullable String platformVersion,
      Task.@Nullable Network network) {}

  /** So many tasks on one kind of capacity. */
  public record Share(int tasks, String launchType, Task.Ground ground) {}

  /**
   * Divides tasks of a definition.
   *
   * @throws dev.holdfast.aws.ApiError where they cannot run so, in AWS's words
   */
  public static List<Share> divide(Cluster cluster, TaskSpec spec, Asked asked, int tasks) {
    return divide(cluster, spec, asked, Map.of(), tasks);
  }

  /**
   * Divides tasks beside others that there are.
   *
   * @param before how many tasks of each capacity provider
   */
  public static List<Share> divide(
      Cluster cluster, TaskSpec spec, Asked asked, Map<String, Integer> before, int tasks) {
    String type = asked.launchType();
    List<Cluster.StrategyItem> strategy = asked.strategy();
    if (type != null && !strategy.isEmpty()) {
      throw EcsError.INVALID_PARAMETER.because(
          "Specifying both a launch type and capacity provider strategy is not supported. Remove"
              + " one and try again.");
    }
    network(spec, asked.network());
    if (type == null && strategy.isEmpty()) {
      strategy = cluster.defaultStrategy();
    }
    if (strategy.isEmpty()) {
      return List.of(share(spec, type == null ? "EC2" : type, null, asked, tasks));
    }
    check(cluster, strategy);
    List<Integer> known =
        strategy.stream().map(i -> before.getOrDefault(i.capacityProvider(), 0)).toList();
    return CapacityPlan.divide(strategy, known, tasks).stream()
        .map(
            s ->
                share(
                    spec,
                    CapacityProvider.BUILT_IN.contains(s.provider()) ? "FARGATE" : "EC2",
                    s.provider(),
                    asked,
                    s.tasks()))
        .toList();
  }

  /** Refuses a strategy that this cluster cannot run tasks by. */
  public static void check(Cluster cluster, List<Cluster.StrategyItem> strategy) {
    CapacityPlan.fault(strategy)
        .or(() -> CapacityPlan.unusable(strategy))
        .ifPresent(
            text -> {
              throw EcsError.INVALID_PARAMETER.because("%s", text);
            });
    for (Cluster.StrategyItem item : strategy) {
      if (!cluster.capacityProviders().contains(item.capacityProvider())) {
        throw EcsError.INVALID_PARAMETER.because(
            "The specified capacity provider strategy cannot contain a capacity provider that is not"
                + " associated with the cluster. Associate the capacity provider with the cluster"
                + " and try again.");
      }
    }
  }

  /** Refuses a network configuration that does not go with the network mode. */
  public static void network(TaskSpec spec, Task.@Nullable Network network) {
    if (spec.awsvpc() && network == null) {
      throw EcsError.INVALID_PARAMETER.because(
          "Network Configuration must be provided when networkMode 'awsvpc' is specified.");
    }
    if (!spec.awsvpc() && network != null) {
      throw EcsError.INVALID_PARAMETER.because(
          "Network Configuration is not valid for the given networkMode of this task definition.");
    }
  }

  /** The platform version that tasks run on where one is asked for, or none. */
  public static String platform(@Nullable String version) {
    return version == null || version.equals("LATEST") ? LATEST : version;
  }

  private static Share share(
      TaskSpec spec, String type, @Nullable String provider, Asked asked, int tasks) {
    boolean fargate = type.equals("FARGATE");
    if ((fargate && FargateCheck.fault(spec).isPresent())
        || (type.equals("EXTERNAL") && spec.awsvpc())) {
      throw EcsError.INVALID_PARAMETER.because(
          "Task definition does not support launch_type %s.", type);
    }
    String version = asked.platformVersion();
    if (!fargate && version != null) {
      throw EcsError.INVALID_PARAMETER.because(
          "The platform version must be null when specifying an %s launch type.", type);
    }
    if (version != null && !VERSIONS.contains(version)) {
      throw EcsError.PLATFORM_UNKNOWN.because("The specified platform does not exist.");
    }
    return new Share(
        tasks,
        type,
        new Task.Ground(provider, fargate ? platform(version) : null, asked.network()));
  }
}
