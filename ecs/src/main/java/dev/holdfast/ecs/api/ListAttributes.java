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
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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
    PageTokens.Page<Held> page =
        state.read(
            view -> {
              Names.active(view, cluster);
              return pages.page(
                  call,
                  wanted,
                  (after, limit) -> held(view, cluster, after, limit),
                  Held::place,
                  held -> held.passes(in));
            });
    return ListAttributesResponse.builder()
        .attributes(page.items().stream().map(Held::shape).toList())
        .nextToken(page.next())
        .build();
  }

  /**
   * An attribute of an instance.
   *
   * @param name empty where the instance has none that is listed
   */
  private record Held(ContainerInstance.Key instance, String name, String value) {
    private static List<Held> of(ContainerInstance instance) {
      Map<String, String> attributes =
          instance.status() == ContainerInstance.Status.INACTIVE
              ? Map.of()
              : new TreeMap<>(instance.attributes());
      return attributes.isEmpty()
          ? List.of(new Held(instance.key(), "", ""))
          : attributes.entrySet().stream()
              .map(entry -> new Held(instance.key(), entry.getKey(), entry.getValue()))
              .toList();
    }

    String place() {
      return instance.id() + " " + name;
    }

    boolean passes(ListAttributesRequest in) {
      return !name.isEmpty()
          && (in.attributeName() == null || in.attributeName().equals(name))
          && (in.attributeValue() == null || in.attributeValue().equals(value));
    }

    Attribute shape() {
      return Attributes.shape(instance, name, value);
    }
  }

  /** Attributes after one of them: what is left of its instance, then those of the next ones. */
  private static List<Held> held(
      View view, Cluster.Key cluster, @Nullable String after, int limit) {
    var found = new ArrayList<Held>();
    ContainerInstance.Key last = null;
    if (after != null) {
      String id = after.substring(0, after.indexOf(' '));
      last = new ContainerInstance.Key(cluster.account(), cluster.region(), cluster.name(), id);
      ContainerInstance instance = view.get(EcsTables.INSTANCES, cluster.account(), last);
      if (instance != null) {
        Held.of(instance).stream()
            .filter(held -> held.place().compareTo(after) > 0)
            .forEach(found::add);
      }
    }
    if (found.size() < limit) {
      view.list(
              EcsTables.INSTANCES,
              cluster.account(),
              List.of(cluster.region().name(), cluster.name()),
              last,
              limit - found.size())
          .forEach(instance -> found.addAll(Held.of(instance)));
    }
    return found.subList(0, Math.min(limit, found.size()));
  }
}
