// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecr.DescribeRepositoriesRequest;
import dev.holdfast.aws.ecr.DescribeRepositoriesResponse;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.registry.model.RegistryTables;
import dev.holdfast.registry.model.Repository;
import dev.holdfast.registry.model.RepositoryId;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Endpoint;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.State;
import dev.holdfast.store.View;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code DescribeRepositories}. */
public record DescribeRepositories(State state, PageTokens pages, Supplier<Endpoint> endpoint)
    implements Operation<DescribeRepositoriesRequest, DescribeRepositoriesResponse> {
  private static final String ACTION = "ecr:DescribeRepositories";
  private static final int PAGE = 100;

  @Override
  public OperationModel<DescribeRepositoriesRequest, DescribeRepositoriesResponse> model() {
    return EcrModel.DESCRIBE_REPOSITORIES;
  }

  @Override
  public Access access(Call call, DescribeRepositoriesRequest in) {
    if (in.repositoryNames().isEmpty()) {
      return Access.of(ACTION, EcrFault.target(call, in.registryId(), "*").arn());
    }
    var demands = new ArrayList<Demand>();
    for (String name : in.repositoryNames()) {
      demands.add(Demand.on(ACTION, EcrFault.target(call, in.registryId(), name).arn()));
    }
    return new Access(demands);
  }

  @Override
  public DescribeRepositoriesResponse handle(Call call, DescribeRepositoriesRequest in) {
    if (!in.repositoryNames().isEmpty()) {
      if (in.maxResults() != null || in.nextToken() != null) {
        throw EcrFault.invalid(
            "repositoryNames", "maxResults and nextToken do not go with repositoryNames");
      }
      return state.read(view -> named(view, call, in));
    }
    RepositoryId any = EcrFault.target(call, in.registryId(), "*");
    Integer most = in.maxResults();
    var listing =
        new PageTokens.Listing(
            "DescribeRepositories", any.account().digits(), most == null ? PAGE : most);
    PageTokens.Page<Repository> page =
        state
            .read(
                view ->
                    pages.page(
                        call,
                        listing,
                        (after, limit) -> repositories(view, any, after, limit),
                        Repository::name,
                        _ -> true,
                        in.nextToken()))
            .orElseThrow(EcrFault::invalidNextToken);
    return DescribeRepositoriesResponse.builder()
        .repositories(
            page.items().stream()
                .map(
                    repository ->
                        Wire.repository(
                            call,
                            endpoint.get(),
                            new RepositoryId(any.account(), any.region(), repository.name()),
                            repository))
                .toList())
        .nextToken(page.next())
        .build();
  }

  private static List<Repository> repositories(
      View view, RepositoryId any, @Nullable String after, int limit) {
    return view.list(
        RegistryTables.REPOSITORIES,
        any.account(),
        List.of(any.region().name()),
        after == null ? null : new RepositoryId(any.account(), any.region(), after),
        limit);
  }

  private DescribeRepositoriesResponse named(View view, Call call, DescribeRepositoriesRequest in) {
    var found = new ArrayList<dev.holdfast.aws.ecr.Repository>();
    for (String name : in.repositoryNames()) {
      RepositoryId id = EcrFault.target(call, in.registryId(), name);
      found.add(Wire.repository(call, endpoint.get(), id, EcrFault.require(view, id)));
    }
    return DescribeRepositoriesResponse.builder().repositories(found).build();
  }
}
