// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.ecs.CapacityProviderStrategyItem;
import dev.holdfast.aws.ecs.NetworkConfiguration;
import dev.holdfast.aws.ecs.ServiceConnectConfiguration;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.store.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The condition keys of what starts tasks. What a request leaves out is told as it will be, so that
 * a Deny of it does not pass by whoever leaves it out.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html">Condition
 *     keys for Amazon ECS</a>
 */
final class LaunchKeys {
  private LaunchKeys() {}

  /** The providers that tasks will be shared out to: the request's, else the cluster's own. */
  static Demand providers(
      Demand demand,
      View view,
      Call call,
      Cluster.Key cluster,
      List<CapacityProviderStrategyItem> strategy,
      @Nullable String launchType) {
    List<String> names =
        strategy.stream().map(CapacityProviderStrategyItem::capacityProvider).toList();
    if (names.isEmpty() && launchType == null && cluster.account().equals(call.account())) {
      Cluster row = view.get(EcsTables.CLUSTERS, cluster.account(), cluster);
      names =
          row == null
              ? List.of()
              : row.defaultStrategy().stream().map(Cluster.StrategyItem::capacityProvider).toList();
    }
    return provided(demand, call, names);
  }

  /** Providers that a request names. */
  static Demand provided(Demand demand, Call call, List<String> names) {
    return demand.keys(
        "ecs:capacity-provider",
        names.stream().map(name -> Providers.key(call, name).arn().toString()).toList());
  }

  /** The subnets, and whether tasks get public addresses: by default they do not. */
  static Demand network(Demand demand, @Nullable NetworkConfiguration network) {
    var vpc = network == null ? null : network.awsvpcConfiguration();
    Demand with =
        demand.key(
            "ecs:auto-assign-public-ip",
            vpc == null || vpc.assignPublicIp() == null ? "DISABLED" : vpc.assignPublicIp());
    return vpc == null || vpc.subnets().isEmpty() ? with : with.keys("ecs:subnet", vpc.subnets());
  }

  /** Service Connect and its namespace: the service's own, else the cluster's. */
  static Demand connect(
      Demand demand,
      View view,
      Call call,
      Cluster.Key cluster,
      @Nullable ServiceConnectConfiguration connect) {
    boolean enabled = connect != null && Boolean.TRUE.equals(connect.enabled());
    String namespace = connect == null ? null : connect.namespace();
    if (enabled && namespace == null && cluster.account().equals(call.account())) {
      Cluster row = view.get(EcsTables.CLUSTERS, cluster.account(), cluster);
      namespace = row == null ? null : row.namespace();
    }
    return demand
        .key("ecs:enable-service-connect", Boolean.toString(enabled))
        .key("ecs:namespace", namespace);
  }

  /** Whether something that a list gives is there at all. */
  static Demand given(Demand demand, String key, List<?> list) {
    return demand.key(key, Boolean.toString(!list.isEmpty()));
  }
}
