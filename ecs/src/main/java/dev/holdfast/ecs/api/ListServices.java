// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.ListServicesRequest;
import dev.holdfast.aws.ecs.ListServicesResponse;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.ServiceRevision;
import dev.holdfast.ecs.state.Deploying;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.State;
import dev.holdfast.store.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists the ARNs of a cluster's services that are not over, ten a page unless asked otherwise. */
public final class ListServices implements Operation<ListServicesRequest, ListServicesResponse> {
  private static final int PAGE = 10;

  private final State state;
  private final Pages pages;

  public ListServices(State state, PageTokens tokens) {
    this.state = state;
    this.pages = new Pages(tokens);
  }

  @Override
  public OperationModel<ListServicesRequest, ListServicesResponse> model() {
    return EcsModel.LIST_SERVICES;
  }

  @Override
  public Access access(Call call, ListServicesRequest in) {
    Cluster.Key cluster = Names.cluster(call, in.cluster());
    var access =
        Access.of(Demand.on("ecs:ListServices").key("ecs:cluster", cluster.arn().toString()));
    return cluster.account().equals(call.account())
        ? access
        : Access.of(Demand.on("ecs:ListServices", cluster.arn()));
  }

  @Override
  public ListServicesResponse handle(Call call, ListServicesRequest in) {
    Cluster.Key cluster = Names.cluster(call, in.cluster());
    String filter =
        String.join(
            " ",
            cluster.arn().toString(),
            String.valueOf(in.launchType()),
            String.valueOf(in.schedulingStrategy()),
            String.valueOf(in.resourceManagementType()));
    var wanted =
        new Pages.Wanted(
            "ListServices",
            filter,
            in.maxResults() == null ? Integer.valueOf(PAGE) : in.maxResults(),
            in.nextToken());
    PageTokens.Page<Service> page =
        state.read(
            view -> {
              Names.active(view, cluster);
              return pages.page(
                  call,
                  wanted,
                  (after, limit) -> services(view, cluster, after, limit),
                  service -> service.key().name(),
                  service -> matches(view, service, in));
            });
    return ListServicesResponse.builder()
        .serviceArns(page.items().stream().map(s -> s.key().arn().toString()).toList())
        .nextToken(page.next())
        .build();
  }

  private static List<Service> services(
      View view, Cluster.Key cluster, @Nullable String after, int limit) {
    return view.list(
        EcsTables.SERVICES,
        cluster.account(),
        List.of(cluster.region().name(), cluster.name()),
        after == null ? null : Names.service(cluster, after),
        limit);
  }

  private static boolean matches(View view, Service service, ListServicesRequest in) {
    if (service.status() == Service.Status.INACTIVE || "ECS".equals(in.resourceManagementType())) {
      return false;
    }
    String strategy = service.settings().daemon() ? "DAEMON" : "REPLICA";
    if (in.schedulingStrategy() != null && !in.schedulingStrategy().equals(strategy)) {
      return false;
    }
    if (in.launchType() == null) {
      return true;
    }
    ServiceRevision revision = ServiceWire.revision(view, service);
    return revision != null && in.launchType().equals(Deploying.launchType(revision));
  }
}
