// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.ListClustersRequest;
import dev.holdfast.aws.ecs.ListClustersResponse;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.State;
import dev.holdfast.store.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists the ARNs of the active clusters. */
public final class ListClusters implements Operation<ListClustersRequest, ListClustersResponse> {
  private final State state;
  private final Pages pages;

  public ListClusters(State state, PageTokens tokens) {
    this.state = state;
    this.pages = new Pages(tokens);
  }

  @Override
  public OperationModel<ListClustersRequest, ListClustersResponse> model() {
    return EcsModel.LIST_CLUSTERS;
  }

  @Override
  public Access access(Call call, ListClustersRequest in) {
    return Access.of("ecs:ListClusters");
  }

  @Override
  public ListClustersResponse handle(Call call, ListClustersRequest in) {
    var wanted = new Pages.Wanted("ListClusters", "", in.maxResults(), in.nextToken());
    PageTokens.Page<Cluster> page =
        state.read(
            view ->
                pages.page(
                    call,
                    wanted,
                    (after, limit) -> clusters(view, call, after, limit),
                    cluster -> cluster.key().name(),
                    cluster -> cluster.status() == Cluster.Status.ACTIVE));
    return ListClustersResponse.builder()
        .clusterArns(page.items().stream().map(cluster -> cluster.key().arn().toString()).toList())
        .nextToken(page.next())
        .build();
  }

  private static List<Cluster> clusters(View view, Call call, @Nullable String after, int limit) {
    return view.list(
        EcsTables.CLUSTERS,
        call.account(),
        List.of(call.region().name()),
        after == null ? null : new Cluster.Key(call.account(), call.region(), after),
        limit);
  }
}
