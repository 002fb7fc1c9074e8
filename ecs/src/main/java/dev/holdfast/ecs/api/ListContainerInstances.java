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
import dev.holdfast.ecs.plan.ClusterQuery;
import dev.holdfast.ecs.port.LocalHost;
import dev.holdfast.ecs.state.Candidates;
import dev.holdfast.ecs.state.Connections;
import dev.holdfast.ecs.state.Hosts;
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
  private final Connections connections;
  private final LocalHost host;

  public ListContainerInstances(
      State state, PageTokens tokens, Connections connections, LocalHost host) {
    this.state = state;
    this.connections = connections;
    this.host = host;
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
    ClusterQuery filter = filter(in.filter());
    var wanted =
        new Pages.Wanted(
            "ListContainerInstances",
            cluster.name() + " " + in.status() + " " + in.filter(),
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
                  i -> passes(view, call, in, i, filter));
            });
    return ListContainerInstancesResponse.builder()
        .containerInstanceArns(
            page.items().stream().map(instance -> instance.key().arn().toString()).toList())
        .nextToken(page.next())
        .build();
  }

  private static @Nullable ClusterQuery filter(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    try {
      return ClusterQuery.parse(text);
    } catch (IllegalArgumentException e) {
      throw EcsError.INVALID_PARAMETER.because("%s", String.valueOf(e.getMessage()));
    }
  }

  private boolean passes(
      View view,
      Call call,
      ListContainerInstancesRequest in,
      ContainerInstance instance,
      @Nullable ClusterQuery filter) {
    boolean wanted =
        in.status() == null
            ? instance.status() != ContainerInstance.Status.INACTIVE
            : instance.status().name().equals(in.status());
    if (!wanted || filter == null) {
      return wanted;
    }
    var local = new Candidates.Local(host, connections, "", call.now());
    String stream = Hosts.stream(instance);
    return filter.matches(Candidates.facts(view, instance, local), connections.connected(stream));
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
