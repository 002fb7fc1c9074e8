// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.ListContainerInstancesRequest;
import dev.holdfast.aws.ecs.ListContainerInstancesResponse;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.State;
import dev.holdfast.store.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists the ARNs of a cluster's container instances. */
public final class ListContainerInstances
    implements Operation<ListContainerInstancesRequest, ListContainerInstancesResponse> {
  private final State state;
  private final Pages pages;

  public ListContainerInstances(State state, PageTokens tokens) {
    this.state = state;
    this.pages = new Pages(tokens);
  }

  @Override
  public OperationModel<ListContainerInstancesRequest, ListContainerInstancesResponse> model() {
    return EcsModel.LIST_CONTAINER_INSTANCES;
  }

  @Override
  public Access access(Call call, ListContainerInstancesRequest in) {
    return Access.of("ecs:ListContainerInstances", Names.cluster(call, in.cluster()).arn());
  }

  @Override
  public ListContainerInstancesResponse handle(Call call, ListContainerInstancesRequest in) {
    Cluster.Key cluster = Names.cluster(call, in.cluster());
    if (in.filter() != null && !in.filter().isEmpty()) {
      throw EcsError.INVALID_PARAMETER.because(
          "`filter` is not served: the cluster query language comes later");
    }
    var wanted =
        new Pages.Wanted(
            "ListContainerInstances",
            cluster.name() + " " + in.status(),
            in.maxResults(),
            in.nextToken());
    PageTokens.Page<ContainerInstance> page =
        state.read(
            view -> {
              Names.active(view, cluster);
              return pages.page(
                  call,
                  wanted,
                  (after, limit) -> instances(view, cluster, after, limit),
                  i -> i.key().id(),
                  i ->
                      in.status() == null
                          ? i.status() != ContainerInstance.Status.INACTIVE
                          : i.status().name().equals(in.status()));
            });
    return ListContainerInstancesResponse.builder()
        .containerInstanceArns(
            page.items().stream().map(instance -> instance.key().arn().toString()).toList())
        .nextToken(page.next())
        .build();
  }

  private static List<ContainerInstance> instances(
      View view, Cluster.Key cluster, @Nullable String after, int limit) {
    return view.list(
        EcsTables.INSTANCES,
        cluster.account(),
        List.of(cluster.region().name(), cluster.name()),
        after == null
            ? null
            : new ContainerInstance.Key(cluster.account(), cluster.region(), cluster.name(), after),
        limit);
  }
}
