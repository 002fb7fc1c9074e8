// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.neighbours;

import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.iam.port.RoleUses;
import dev.holdfast.kit.AccountId;
import dev.holdfast.store.View;
import java.util.List;

/** ECS needs its service-linked role for as long as there are clusters. */
public record ClusterUses() implements RoleUses {
  /** Enough to see what is in the way. */
  private static final int MOST = 100;

  @Override
  public List<String> of(View view, AccountId account, String service) {
    return service.equals("ecs.amazonaws.com")
        ? view.list(EcsTables.CLUSTERS, account).stream()
            .filter(cluster -> cluster.status() == Cluster.Status.ACTIVE)
            .limit(MOST)
            .map(cluster -> cluster.key().arn().toString())
            .toList()
        : List.of();
  }
}
