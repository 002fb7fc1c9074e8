// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.CreatedAt;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.ListServiceDeploymentsRequest;
import dev.holdfast.aws.ecs.ListServiceDeploymentsResponse;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.ServiceDeployment;
import dev.holdfast.ecs.state.Services;
import dev.holdfast.kit.Ids;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.State;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** Lists the deployments of a service that are remembered, the newest first. */
public final class ListServiceDeployments
    implements Operation<ListServiceDeploymentsRequest, ListServiceDeploymentsResponse> {
  private static final int PAGE = 20;
  private static final long END_OF_TIME = 9_999_999_999_999L;

  private final State state;
  private final Pages pages;

  public ListServiceDeployments(State state, PageTokens tokens) {
    this.state = state;
    this.pages = new Pages(tokens);
  }

  @Override
  public OperationModel<ListServiceDeploymentsRequest, ListServiceDeploymentsResponse> model() {
    return EcsModel.LIST_SERVICE_DEPLOYMENTS;
  }

  @Override
  public Access access(Call call, ListServiceDeploymentsRequest in) {
    return Access.of(
        Names.demand(
            "ecs:ListServiceDeployments",
            Names.service(Names.cluster(call, in.cluster()), in.service())));
  }

  @Override
  public ListServiceDeploymentsResponse handle(Call call, ListServiceDeploymentsRequest in) {
    Service.Key key = ServiceLookup.key(call, in.cluster(), in.service());
    CreatedAt created = in.createdAt();
    var wanted =
        new Pages.Wanted(
            "ListServiceDeployments",
            key.arn() + " " + in.status() + " " + created,
            in.maxResults() == null ? Integer.valueOf(PAGE) : in.maxResults(),
            in.nextToken());
    PageTokens.Page<ServiceDeployment> page =
        state.read(
            view -> {
              ServiceLookup.service(view, key);
              List<ServiceDeployment> all =
                  Services.of(view, EcsTables.SERVICE_DEPLOYMENTS, key).stream()
                      .filter(row -> matches(row, in))
                      .sorted(Comparator.comparing(ListServiceDeployments::place))
                      .toList();
              return pages.page(call, wanted, all, ListServiceDeployments::place);
            });
    return ListServiceDeploymentsResponse.builder()
        .serviceDeployments(page.items().stream().map(DeploymentWire::brief).toList())
        .nextToken(page.next())
        .build();
  }

  private static boolean matches(ServiceDeployment row, ListServiceDeploymentsRequest in) {
    CreatedAt created = in.createdAt();
    Instant at = row.times().createdAt();
    Instant before = created == null ? null : created.before();
    Instant after = created == null ? null : created.after();
    return (in.status().isEmpty() || in.status().contains(row.status().name()))
        && (before == null || at.isBefore(before))
        && (after == null || at.isAfter(after));
  }

  private static String place(ServiceDeployment row) {
    long age = END_OF_TIME - row.times().createdAt().toEpochMilli();
    return Ids.padded(Math.max(0, age), 13) + " " + row.key().id();
  }
}
