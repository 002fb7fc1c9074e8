// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.state;

import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.plan.PlacementRule;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.RecordCodec;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * On what tasks are to run and how they are placed, read out of a request to run a task, or what a
 * service keeps of such a one.
 */
public record LaunchRules(Capacity.Asked asked, Launcher.Rules rules) {
  private static final int MAX_CONSTRAINTS = 10;
  private static final int MAX_STRATEGIES = 5;
  private static final int MAX_SUBNETS = 16;
  private static final int MAX_GROUPS = 5;
  private static final Pattern NAME = Pattern.compile("[\\x21-\\x7e]{1,255}");
  private static final RecordCodec<Request> CODEC = RecordCodec.of(Request.class);

  /** The members of a request that are read here, under AWS's names. */
  record Request(
      @Nullable String launchType,
      List<Cluster.StrategyItem> capacityProviderStrategy,
      @Nullable String platformVersion,
      @Nullable Configuration networkConfiguration,
      List<Constraint> placementConstraints,
      List<Strategy> placementStrategy) {}

  record Configuration(Task.@Nullable Network awsvpcConfiguration) {}

  record Constraint(@Nullable String type, @Nullable String expression) {}

  record Strategy(@Nullable String type, @Nullable String field) {}

  /**
   * Reads them.
   *
   * @throws dev.holdfast.aws.ApiError where they are none, in AWS's words
   */
  public static LaunchRules of(JsonObject how) {
    Request request = CODEC.read(how);
    Configuration configuration = request.networkConfiguration();
    return new LaunchRules(
        new Capacity.Asked(
            request.launchType(),
            request.capacityProviderStrategy(),
            request.platformVersion(),
            network(configuration == null ? null : configuration.awsvpcConfiguration())),
        rules(request));
  }

  private static Launcher.Rules rules(Request request) {
    refuse(
        request.placementConstraints().size() > MAX_CONSTRAINTS,
        "placementConstraints has at most " + MAX_CONSTRAINTS + " items");
    refuse(
        request.placementStrategy().size() > MAX_STRATEGIES,
        "placementStrategy has at most " + MAX_STRATEGIES + " items");
    try {
      return new Launcher.Rules(
          request.placementConstraints().stream()
              .map(c -> PlacementRule.constraint(c.type(), c.expression()))
              .toList(),
          request.placementStrategy().stream()
              .map(s -> PlacementRule.strategy(s.type(), s.field()))
              .toList());
    } catch (IllegalArgumentException e) {
      throw EcsError.INVALID_PARAMETER.because("%s", String.valueOf(e.getMessage()));
    }
  }

  /** There are no subnets and security groups here: names are kept. */
  private static Task.@Nullable Network network(Task.@Nullable Network given) {
    if (given == null) {
      return null;
    }
    refuse(given.subnets().isEmpty(), "subnets can not be empty.");
    names("subnets", given.subnets(), MAX_SUBNETS);
    names("securityGroups", given.securityGroups(), MAX_GROUPS);
    return given;
  }

  private static void names(String member, List<String> names, int most) {
    refuse(names.size() > most, member + " can have at most " + most + " items.");
    refuse(
        names.stream().anyMatch(n -> !NAME.matcher(n).matches()),
        member + " holds a name that is not valid.");
  }

  private static void refuse(boolean wrong, String text) {
    if (wrong) {
      throw EcsError.INVALID_PARAMETER.because("%s", text);
    }
  }
}
