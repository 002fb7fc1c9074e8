// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.Attribute;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.ListAttributesRequest;
import dev.holdfast.aws.ecs.ListAttributesResponse;
import dev.holdfast.ecs.model.Cluster;
import dev.holdfast.ecs.model.ContainerInstance;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.State;
import dev.holdfast.store.View;
import java.util.ArrayList;
import java.util.List;

/** Lists attributes of the container instances of a cluster. */
public final class ListAttributes
    implements Operation<ListAttributesRequest, ListAttributesResponse> {
  private final State state;
  private final Pages pages;

  public ListAttributes(State state, PageTokens tokens) {
    this.state = state;
    this.pages = new Pages(tokens);
  }

  @Override
  public OperationModel<ListAttributesRequest, ListAttributesResponse> model() {
    return EcsModel.LIST_ATTRIBUTES;
  }

  @Override
  public Access access(Call call, ListAttributesRequest in) {
    return Access.of("ecs:ListAttributes", Names.cluster(call, in.cluster()).arn());
  }

  @Override
  public ListAttributesResponse handle(Call call, ListAttributesRequest in) {
    Cluster.Key cluster = Names.cluster(call, in.cluster());
    if (!in.targetType().equals("container-instance")) {
      throw EcsError.INVALID_PARAMETER.because("Invalid target type: %s", in.targetType());
    }
    if (in.attributeValue() != null && in.attributeName() == null) {
      throw EcsError.INVALID_PARAMETER.because(
          "attributeName must be specified where attributeValue is.");
    }
    var wanted =
        new Pages.Wanted(
            "ListAttributes",
            cluster.name() + " " + in.attributeName() + " " + in.attributeValue(),
            in.maxResults(),
            in.nextToken());
    PageTokens.Page<Attribute> page =
        pages.page(
            call,
            wanted,
            state.read(view -> all(view, cluster, in)),
            a -> a.targetId() + " " + a.name());
    return ListAttributesResponse.builder().attributes(page.items()).nextToken(page.next()).build();
  }

  private static List<Attribute> all(View view, Cluster.Key cluster, ListAttributesRequest in) {
    Names.active(view, cluster);
    var all = new ArrayList<Attribute>();
    for (ContainerInstance instance :
        view.list(
            EcsTables.INSTANCES, cluster.account(), cluster.region().name(), cluster.name())) {
      if (instance.status() != ContainerInstance.Status.INACTIVE) {
        instance.attributes().entrySet().stream()
            .filter(a -> in.attributeName() == null || in.attributeName().equals(a.getKey()))
            .filter(a -> in.attributeValue() == null || in.attributeValue().equals(a.getValue()))
            .sorted(java.util.Map.Entry.comparingByKey())
            .forEach(a -> all.add(Attributes.shape(instance.key(), a.getKey(), a.getValue())));
      }
    }
    return all;
  }
}
