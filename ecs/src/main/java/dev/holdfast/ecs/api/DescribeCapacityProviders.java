// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.DescribeCapacityProvidersRequest;
import dev.holdfast.aws.ecs.DescribeCapacityProvidersResponse;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.Failure;
import dev.holdfast.ecs.model.CapacityProvider;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.State;
import dev.holdfast.store.View;
import java.util.ArrayList;
import java.util.List;

/** Describes capacity providers; unknown ones are failures, not errors. */
public final class DescribeCapacityProviders
    implements Operation<DescribeCapacityProvidersRequest, DescribeCapacityProvidersResponse> {
  private static final int MOST = 100;

  private final State state;
  private final Pages pages;

  public DescribeCapacityProviders(State state, PageTokens tokens) {
    this.state = state;
    this.pages = new Pages(tokens);
  }

  @Override
  public OperationModel<DescribeCapacityProvidersRequest, DescribeCapacityProvidersResponse>
      model() {
    return EcsModel.DESCRIBE_CAPACITY_PROVIDERS;
  }

  @Override
  public Access access(Call call, DescribeCapacityProvidersRequest in) {
    return Names.each(
        Names.atMost(MOST, "Capacity providers", in.capacityProviders()).stream()
            .map(n -> Demand.on("ecs:DescribeCapacityProviders", Providers.key(call, n).arn()))
            .toList(),
        Demand.on("ecs:DescribeCapacityProviders", call.arn("ecs", "capacity-provider/*")));
  }

  @Override
  public DescribeCapacityProvidersResponse handle(Call call, DescribeCapacityProvidersRequest in) {
    if (in.cluster() != null) {
      throw EcsError.INVALID_PARAMETER.because(
          "`cluster` is for capacity providers of Managed Instances, which are not served; leave it"
              + " out");
    }
    boolean withTags = in.include().contains("TAGS");
    var wanted =
        new Pages.Wanted(
            "DescribeCapacityProviders",
            String.join(" ", in.capacityProviders()),
            in.maxResults() == null ? (Integer) 10 : in.maxResults(),
            in.nextToken());
    return state.read(
        view -> {
          var page = pages.page(call, wanted, keys(view, call, in), k -> k.arn().toString());
          var found = new ArrayList<dev.holdfast.aws.ecs.CapacityProvider>();
          var failures = new ArrayList<Failure>();
          for (CapacityProvider.Key key : page.items()) {
            var row = view.get(EcsTables.CAPACITY_PROVIDERS, key.account(), key);
            var tags =
                withTags
                    ? TagRequests.of(view, call, key.arn())
                    : List.<dev.holdfast.aws.ecs.Tag>of();
            if (row != null) {
              found.add(Providers.shape(row, "ACTIVE", tags));
            } else if (Providers.builtIn(key)) {
              found.add(Providers.builtIn(key, tags));
            } else {
              failures.add(Wire.missing(key.arn()));
            }
          }
          return DescribeCapacityProvidersResponse.builder()
              .capacityProviders(found)
              .failures(failures)
              .nextToken(page.next())
              .build();
        });
  }

  private static List<CapacityProvider.Key> keys(
      View view, Call call, DescribeCapacityProvidersRequest in) {
    if (!in.capacityProviders().isEmpty()) {
      return in.capacityProviders().stream()
          .map(n -> Providers.key(call, n))
          .distinct()
          .sorted(java.util.Comparator.comparing(k -> k.arn().toString()))
          .toList();
    }
    var all = new ArrayList<CapacityProvider.Key>();
    CapacityProvider.BUILT_IN.forEach(n -> all.add(Providers.key(call, n)));
    view.list(EcsTables.CAPACITY_PROVIDERS, call.account(), call.region().name())
        .forEach(p -> all.add(p.key()));
    all.sort(java.util.Comparator.comparing(k -> k.arn().toString()));
    return all;
  }
}
