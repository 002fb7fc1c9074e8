// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.control;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.ecs.CreateClusterResponse;
import dev.holdfast.aws.ecs.CreateServiceResponse;
import dev.holdfast.aws.ecs.DeleteServiceResponse;
import dev.holdfast.aws.ecs.RegisterTaskDefinitionResponse;
import dev.holdfast.aws.ecs.StopServiceDeploymentResponse;
import dev.holdfast.aws.ecs.UpdateServiceResponse;
import dev.holdfast.ecs.control.SimWorld.Kind;
import dev.holdfast.ecs.control.SimWorld.Sort;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.ServiceDeployment;
import dev.holdfast.ecs.state.Services;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Who owns the services: creates, deploys, scales, rolls back and deletes them. */
final class SimOperator {
  /** What the operator asked for, to be compared with what there is. */
  static final class Wish {
    final Service.Key key;
    final boolean daemon;
    final int lowest;
    final int highest;
    final boolean breaker;
    final boolean rolls;
    final Kind base;
    int desired;
    boolean deleted;

    /** Whether what was deployed last can run. */
    boolean good = true;

    Wish(Service.Key key, boolean daemon, int[] bounds, boolean breaker, boolean rolls, Kind base) {
      this.key = key;
      this.daemon = daemon;
      this.lowest = bounds[0];
      this.highest = bounds[1];
      this.breaker = breaker;
      this.rolls = rolls;
      this.base = base;
    }
  }

  private static final int[][] BOUNDS = {{100, 200}, {50, 100}, {50, 150}, {0, 100}, {80, 140}};
  private static final String[] MORE = {
    "",
    "",
    ",\"placementStrategy\":[{\"type\":\"spread\",\"field\":\"attribute:ecs.availability-zone\"},"
        + "{\"type\":\"spread\",\"field\":\"instanceId\"}]",
    ",\"placementStrategy\":[{\"type\":\"binpack\",\"field\":\"memory\"}]",
    ",\"placementStrategy\":[{\"type\":\"random\"}]",
    ",\"placementConstraints\":[{\"type\":\"distinctInstance\"}]",
    ",\"placementConstraints\":[{\"type\":\"memberOf\","
        + "\"expression\":\"attribute:ecs.availability-zone != eu-test-1c\"}]",
  };

  private final SimWorld world;
  final Map<String, Wish> wishes = new LinkedHashMap<>();
  private int names;

  SimOperator(SimWorld world) {
    this.world = world;
  }

  void cluster() {
    var _ =
        world
            .platform()
            .call(
                "CreateCluster",
                "{\"clusterName\":\"" + SimPlatform.CLUSTER + "\"}",
                CreateClusterResponse.class);
  }

  private String register(Wish wish, Kind kind) {
    String family = wish.key.name();
    if (wish.rolls) {
      world.platform().parameters.merge("/" + family, 1L, (a, _) -> a);
    }
    String json =
        """
        {"family":"%s","executionRoleArn":"%s","containerDefinitions":[{"name":"app",
         "image":"127.0.0.1:4566/shop/web:1","cpu":%d,"memory":%d%s%s%s}]}
        """
            .formatted(
                family,
                SimPlatform.ROLE,
                kind.cpu(),
                kind.memory(),
                kind.port() == 0
                    ? ""
                    : ",\"portMappings\":[{\"containerPort\":80,\"hostPort\":" + kind.port() + "}]",
                kind.checked() ? ",\"healthCheck\":{\"command\":[\"CMD-SHELL\",\"true\"]}" : "",
                wish.rolls
                    ? ",\"secrets\":[{\"name\":\"S\",\"valueFrom\":\"/" + family + "\"}]"
                    : "");
    var made =
        Objects.requireNonNull(
            world
                .platform()
                .call("RegisterTaskDefinition", json, RegisterTaskDefinitionResponse.class)
                .taskDefinition());
    String name = family + ":" + made.revision();
    world.register(name, kind);
    return name;
  }

  /** A new service of so many tasks; a daemon where the number is negative. */
  Wish create(int desired) {
    String name = "app-" + names++;
    boolean daemon = desired < 0;
    var random = world.random();
    int[] bounds =
        daemon ? new int[] {50, 100} : BOUNDS[desired < 4 ? 0 : random.nextInt(BOUNDS.length)];
    var base =
        new Kind(
            Sort.GOOD,
            world.chance(500),
            daemon ? 32 : 64 * random.nextInt(1, 5),
            daemon ? 64 : 128 * random.nextInt(1, 5),
            !daemon && world.chance(150) ? 8000 + names : 0);
    var wish =
        new Wish(
            new Service.Key(SimPlatform.ACCOUNT, SimPlatform.REGION, SimPlatform.CLUSTER, name),
            daemon,
            bounds,
            world.chance(600),
            world.chance(100),
            base);
    wish.desired = Math.max(0, desired);
    wishes.put(name, wish);
    String more = daemon ? ",\"schedulingStrategy\":\"DAEMON\"" : ",\"desiredCount\":" + desired;
    String placed = daemon || base.port() != 0 ? "" : MORE[random.nextInt(MORE.length)];
    var _ =
        world
            .platform()
            .call(
                "CreateService",
                """
                {"cluster":"%s","serviceName":"%s","taskDefinition":"%s"%s%s%s,
                 "deploymentConfiguration":{"minimumHealthyPercent":%d,"maximumPercent":%d,
                 "deploymentCircuitBreaker":{"enable":%b,"rollback":%b}}}
                """
                    .formatted(
                        SimPlatform.CLUSTER,
                        name,
                        register(wish, base),
                        more,
                        placed,
                        wish.rolls
                            ? ",\"tags\":[{\"key\":\"holdfast:secrets\",\"value\":\"roll\"}]"
                            : "",
                        wish.lowest,
                        wish.highest,
                        wish.breaker,
                        wish.breaker),
                CreateServiceResponse.class);
    return wish;
  }

  private void update(Wish wish, String more) {
    var _ =
        world
            .platform()
            .call(
                "UpdateService",
                "{\"cluster\":\"%s\",\"service\":\"%s\"%s}"
                    .formatted(SimPlatform.CLUSTER, wish.key.name(), more),
                UpdateServiceResponse.class);
  }

  /** Another revision, which may be a bad one. */
  void deploy(Wish wish, Sort sort) {
    Kind base = wish.base;
    Sort real = sort == Sort.UNHEALTHY && !base.checked() ? Sort.CRASHING : sort;
    var kind = new Kind(real, base.checked(), base.cpu(), base.memory(), base.port());
    wish.good = kind.good();
    update(wish, ",\"taskDefinition\":\"" + register(wish, kind) + "\"");
  }

  /** The same once more; not of a bad one, so that it is known what the last good one is. */
  void force(Wish wish) {
    if (wish.good) {
      update(wish, ",\"forceNewDeployment\":true");
    }
  }

  void scale(Wish wish, int desired) {
    if (!wish.daemon) {
      wish.desired = desired;
      update(wish, ",\"desiredCount\":" + desired);
    }
  }

  /** Rolls back what goes on; nothing where nothing does. */
  void rollBack(Wish wish) {
    ServiceDeployment deployment =
        world
            .platform()
            .state
            .read(
                view -> {
                  Service service = Services.find(view, wish.key);
                  return service == null ? null : Services.deployment(view, service);
                });
    if (deployment == null || deployment.status() != ServiceDeployment.Status.IN_PROGRESS) {
      return;
    }
    try {
      var _ =
          world
              .platform()
              .call(
                  "StopServiceDeployment",
                  "{\"serviceDeploymentArn\":\"" + deployment.key().arn() + "\"}",
                  StopServiceDeploymentResponse.class);
    } catch (ApiError e) {
      if (!e.text().contains("no completed deployment")) {
        throw e;
      }
    }
  }

  /** Whether a deployment has failed for good: the breaker may meet good revisions as well. */
  boolean failed(Wish wish) {
    Service service = world.platform().state.read(view -> Services.find(view, wish.key));
    Service.Rollout primary = service == null ? null : service.primary();
    return primary != null && primary.state() == Service.RolloutState.FAILED;
  }

  void delete(Wish wish) {
    wish.deleted = true;
    var _ =
        world
            .platform()
            .call(
                "DeleteService",
                "{\"cluster\":\"%s\",\"service\":\"%s\",\"force\":true}"
                    .formatted(SimPlatform.CLUSTER, wish.key.name()),
                DeleteServiceResponse.class);
  }

  /** A burst of new versions of a secret. */
  void change(Wish wish) {
    for (int i = 0; i < world.random().nextInt(1, 5); i++) {
      world.in(
          Duration.ofSeconds(2L * i),
          () -> world.platform().parameters.merge("/" + wish.key.name(), 1L, Long::sum));
    }
  }

  @Nullable Wish wish(String service) {
    return wishes.get(service);
  }
}
