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
import java.util.List;

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
    List<String> arns =
        state.read(
            view ->
                view.list(EcsTables.CLUSTERS, call.account(), call.region().name()).stream()
                    .filter(c -> c.status() == Cluster.Status.ACTIVE)
                    .map(c -> c.key().arn().toString())
                    .sorted()
                    .toList());
    var page =
        pages.page(
            call,
            new Pages.Wanted("ListClusters", "", in.maxResults(), in.nextToken()),
            arns,
            arn -> arn);
    return ListClustersResponse.builder().clusterArns(page.items()).nextToken(page.next()).build();
  }
}
