// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.ecs.CreateServiceRequest;
import dev.holdfast.aws.ecs.DeploymentConfiguration;
import dev.holdfast.aws.ecs.DeploymentController;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.RunTaskRequest;
import dev.holdfast.aws.ecs.ServiceConnectConfiguration;
import dev.holdfast.aws.ecs.UpdateServiceRequest;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.ServiceRevision;
import dev.holdfast.ecs.state.Deploying;
import dev.holdfast.ecs.state.LaunchRules;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What requests say of a service, and what of it is refused before anything is looked up. */
final class ServiceRequests {
  /** AWS's quota of tasks for a service. */
  static final int MOST_TASKS = 5000;

  static final String NO_COUNT =
      "The daemon scheduling strategy does not support a desired count for services. Remove the"
          + " desired count value and try again";

  private static final String REBALANCING = "availabilityZoneRebalancing";
  private static final String STRATEGY = "capacityProviderStrategy";
  private static final String TYPE = "launchType";

  private ServiceRequests() {}

  static void check(CreateServiceRequest in) {
    refuse(
        !in.serviceName().matches("[a-zA-Z0-9_-]{1,255}"),
        "Service name must have 1 to 255 letters, digits, underscores and hyphens.");
    refuse(
        in.clientToken() != null && in.clientToken().length() > 36,
        "clientToken must be at most 36 characters long");
    refuse(in.taskDefinition() == null, "TaskDefinition can not be blank.");
    refuse(in.role() != null, "`role` is for load balancers, which are not served; leave it out");
    unserved(!in.loadBalancers().isEmpty(), "loadBalancers");
    unserved(!in.serviceRegistries().isEmpty(), "serviceRegistries");
    unserved(!in.volumeConfigurations().isEmpty(), "volumeConfigurations");
    unserved(!in.vpcLatticeConfigurations().isEmpty(), "vpcLatticeConfigurations");
    connect(in.serviceConnectConfiguration());
    controller(in.deploymentController());
    strategy(in.deploymentConfiguration());
    grace(in.healthCheckGracePeriodSeconds());
    boolean daemon = daemon(in.schedulingStrategy());
    refuse(!daemon && in.desiredCount() == null, "desiredCount is required for REPLICA.");
    count(in.desiredCount(), daemon);
    RunRequest.check(launch(in));
  }

  static void check(UpdateServiceRequest in) {
    unserved(!in.loadBalancers().isEmpty(), "loadBalancers");
    unserved(!in.serviceRegistries().isEmpty(), "serviceRegistries");
    unserved(!in.volumeConfigurations().isEmpty(), "volumeConfigurations");
    unserved(!in.vpcLatticeConfigurations().isEmpty(), "vpcLatticeConfigurations");
    connect(in.serviceConnectConfiguration());
    controller(in.deploymentController());
    strategy(in.deploymentConfiguration());
    grace(in.healthCheckGracePeriodSeconds());
    count(in.desiredCount(), false);
    RunRequest.check(launch(in));
  }

  private static void connect(@Nullable ServiceConnectConfiguration given) {
    unserved(given != null && given.enabled(), "serviceConnectConfiguration");
  }

  private static void controller(@Nullable DeploymentController given) {
    refuse(
        given != null && !given.type().equals("ECS"),
        "`deploymentController` "
            + (given == null ? "" : given.type())
            + " is not served here; use ECS, or leave it out");
  }

  private static void strategy(@Nullable DeploymentConfiguration given) {
    if (given == null) {
      return;
    }
    refuse(
        given.strategy() != null && !given.strategy().equals("ROLLING"),
        "`deploymentConfiguration.strategy` "
            + given.strategy()
            + " is not served here; use ROLLING, or leave it out");
    unserved(given.alarms() != null && given.alarms().enable(), "deploymentConfiguration.alarms");
    unserved(!given.lifecycleHooks().isEmpty(), "deploymentConfiguration.lifecycleHooks");
    unserved(given.linearConfiguration() != null, "deploymentConfiguration.linearConfiguration");
    unserved(given.canaryConfiguration() != null, "deploymentConfiguration.canaryConfiguration");
    unserved(
        given.bakeTimeInMinutes() != null && given.bakeTimeInMinutes() != 0,
        "deploymentConfiguration.bakeTimeInMinutes");
  }

  private static void grace(@Nullable Integer given) {
    refuse(given != null && given < 0, "healthCheckGracePeriodSeconds must not be negative");
  }

  private static void count(@Nullable Integer given, boolean daemon) {
    refuse(given != null && given < 0, "desiredCount should be greater than or equal to 0.");
    refuse(
        given != null && given > MOST_TASKS,
        "desiredCount must be at most " + MOST_TASKS + ", the quota of tasks for a service");
    refuse(daemon && given != null && given != 0, NO_COUNT);
  }

  /** Refuses what the kind of a service, or of its capacity, does not allow. */
  static void checkKind(boolean daemon, ServiceRevision revision) {
    RunTaskRequest how = ServiceWire.launched(revision);
    String type = Deploying.launchType(revision);
    refuse(
        daemon && !how.capacityProviderStrategy().isEmpty(),
        "Specifying a capacity provider strategy is not supported when you create a service using"
            + " the DAEMON scheduling strategy.");
    refuse(
        daemon && type.equals("FARGATE"),
        "The daemon scheduling strategy does not support the FARGATE launch type. Specify another"
            + " launch type and try again");
    refuse(
        daemon && !how.placementStrategy().isEmpty(),
        "The daemon scheduling strategy does not support placement strategies. Remove the placement"
            + " strategy and try again");
    RunRequest.checkPlacement(how, type);
  }

  private static List<Cluster.StrategyItem> strategy(JsonObject how) {
    return LaunchRules.of(how).asked().strategy();
  }

  /** Refuses another capacity without a new deployment, as AWS does. */
  static void checkCapacity(JsonObject before, JsonObject after, boolean forced) {
    refuse(
        !forced && !strategy(before).equals(strategy(after)),
        "When switching from launch type to capacity provider strategy on an existing service, or"
            + " making a change to a capacity provider strategy on a service that is already using"
            + " one, you must force a new deployment.");
  }

  static boolean daemon(@Nullable String strategy) {
    return "DAEMON".equals(strategy);
  }

  /** How the service's tasks are launched, as a RunTask would say it. */
  static RunTaskRequest launch(CreateServiceRequest in) {
    return RunTaskRequest.builder()
        .launchType(in.launchType())
        .capacityProviderStrategy(in.capacityProviderStrategy())
        .networkConfiguration(in.networkConfiguration())
        .placementConstraints(in.placementConstraints())
        .placementStrategy(in.placementStrategy())
        .platformVersion(in.platformVersion())
        .enableExecuteCommand(in.enableExecuteCommand())
        .build();
  }

  /** What an update says of it: a list that is given empty stays one, and removes. */
  static RunTaskRequest launch(UpdateServiceRequest in) {
    return RunTaskRequest.builder()
        .capacityProviderStrategy(in.has(STRATEGY) ? in.capacityProviderStrategy() : null)
        .networkConfiguration(in.networkConfiguration())
        .placementConstraints(in.has("placementConstraints") ? in.placementConstraints() : null)
        .placementStrategy(in.has("placementStrategy") ? in.placementStrategy() : null)
        .platformVersion(in.platformVersion())
        .enableExecuteCommand(in.enableExecuteCommand())
        .build();
  }

  /** What a revision keeps of it. */
  static JsonObject how(RunTaskRequest launch) {
    return how(JsonObject.EMPTY, launch);
  }

  /** What an update changes of it: an empty list removes what was there. */
  static JsonObject how(JsonObject before, RunTaskRequest changed) {
    JsonObject how = before;
    for (var member : Wire.json(changed).members().entrySet()) {
      JsonValue value = member.getValue();
      boolean empty =
          value instanceof JsonValue.JsonNull
              || (value instanceof JsonValue.JsonArray list && list.items().isEmpty());
      how = empty ? how.without(member.getKey()) : how.with(member.getKey(), value);
    }
    if (!how.array(STRATEGY).isEmpty() && strategy(how).equals(strategy(before))) {
      // The same in other words, such as a base of 0 that is left out, is no change.
      return how.with(STRATEGY, new JsonValue.JsonArray(before.array(STRATEGY)));
    }
    return how.array(STRATEGY).isEmpty() || before.string(TYPE) == null ? how : how.without(TYPE);
  }

  /**
   * What an update changes of it: a service whose strategy is taken away goes back to the launch
   * type that it was made with, or to its cluster's default strategy.
   */
  static JsonObject how(
      Service service, JsonObject before, RunTaskRequest changed, boolean clusterHasStrategy) {
    JsonObject how = how(before, changed);
    if (before.array(STRATEGY).isEmpty() || !how.array(STRATEGY).isEmpty()) {
      return how;
    }
    String made = service.settings().echoed().string(TYPE);
    refuse(
        made == null && !clusterHasStrategy,
        "No launch type to fall back to for empty capacity provider strategy. Your service was not"
            + " created with a launch type.");
    return made == null ? how : how.with(TYPE, made);
  }

  /** Settings that remember the launch type of a service which goes over to a strategy. */
  static Service.Settings remembering(Service.Settings s, JsonObject before, JsonObject after) {
    String type = before.string(TYPE);
    return type == null || after.string(TYPE) != null
        ? s
        : new Service.Settings(
            s.daemon(),
            s.minimumHealthyPercent(),
            s.maximumPercent(),
            s.breaker(),
            s.rollback(),
            s.grace(),
            s.managedTags(),
            s.propagateTags(),
            s.echoed().with(TYPE, type));
  }

  static Service.Settings settings(CreateServiceRequest in) {
    boolean daemon = daemon(in.schedulingStrategy());
    String rebalancing = in.availabilityZoneRebalancing();
    var fresh =
        new Service.Settings(
            daemon,
            daemon ? 0 : 100,
            daemon ? 100 : 200,
            false,
            false,
            in.healthCheckGracePeriodSeconds(),
            Boolean.TRUE.equals(in.enableECSManagedTags()),
            propagated(in.propagateTags()),
            JsonObject.EMPTY.with(
                REBALANCING, rebalancing == null ? daemon ? "DISABLED" : "ENABLED" : rebalancing));
    return configured(fresh, in.deploymentConfiguration());
  }

  static Service.Settings settings(Service.Settings before, UpdateServiceRequest in) {
    var changed =
        new Service.Settings(
            before.daemon(),
            before.minimumHealthyPercent(),
            before.maximumPercent(),
            before.breaker(),
            before.rollback(),
            in.healthCheckGracePeriodSeconds() == null
                ? before.grace()
                : in.healthCheckGracePeriodSeconds(),
            in.enableECSManagedTags() == null ? before.managedTags() : in.enableECSManagedTags(),
            in.propagateTags() == null ? before.propagateTags() : propagated(in.propagateTags()),
            in.availabilityZoneRebalancing() == null
                ? before.echoed()
                : before.echoed().with(REBALANCING, in.availabilityZoneRebalancing()));
    return configured(changed, in.deploymentConfiguration());
  }

  static @Nullable String rebalancing(Service.Settings settings) {
    return settings.echoed().string(REBALANCING);
  }

  private static @Nullable String propagated(@Nullable String given) {
    return "NONE".equals(given) ? null : given;
  }

  private static Service.Settings configured(
      Service.Settings s, @Nullable DeploymentConfiguration given) {
    if (given == null) {
      return s;
    }
    Integer min = given.minimumHealthyPercent();
    Integer max = given.maximumPercent();
    int lower = min == null ? s.minimumHealthyPercent() : min;
    int upper = max == null ? s.maximumPercent() : max;
    refuse(lower < 0 || lower > 100, "minimumHealthyPercent must be between 0 and 100.");
    refuse(
        upper < 100 || upper > 1000,
        "maximumPercent must be between 100 and 1000 for the rolling update.");
    refuse(
        lower == 100 && upper == 100,
        "Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block"
            + " deployments.");
    var breaker = given.deploymentCircuitBreaker();
    return new Service.Settings(
        s.daemon(),
        lower,
        upper,
        breaker == null ? s.breaker() : breaker.enable(),
        breaker == null ? s.rollback() : breaker.rollback(),
        s.grace(),
        s.managedTags(),
        s.propagateTags(),
        s.echoed());
  }

  private static void unserved(boolean given, String member) {
    refuse(given, "`" + member + "` is not served here; leave it out");
  }

  private static void refuse(boolean wrong, String text) {
    if (wrong) {
      throw EcsError.INVALID_PARAMETER.because("%s", text);
    }
  }
}
