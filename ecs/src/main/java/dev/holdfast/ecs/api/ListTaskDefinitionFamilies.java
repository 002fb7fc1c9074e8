// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.ListTaskDefinitionFamiliesRequest;
import dev.holdfast.aws.ecs.ListTaskDefinitionFamiliesResponse;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.State;

/** Lists the names of families. One is inactive where none of its revisions is active. */
public final class ListTaskDefinitionFamilies
    implements Operation<ListTaskDefinitionFamiliesRequest, ListTaskDefinitionFamiliesResponse> {
  private final State state;
  private final Pages pages;

  public ListTaskDefinitionFamilies(State state, PageTokens tokens) {
    this.state = state;
    this.pages = new Pages(tokens);
  }

  @Override
  public OperationModel<ListTaskDefinitionFamiliesRequest, ListTaskDefinitionFamiliesResponse>
      model() {
    return EcsModel.LIST_TASK_DEFINITION_FAMILIES;
  }

  @Override
  public Access access(Call call, ListTaskDefinitionFamiliesRequest in) {
    return Access.of("ecs:ListTaskDefinitionFamilies");
  }

  @Override
  public ListTaskDefinitionFamiliesResponse handle(
      Call call, ListTaskDefinitionFamiliesRequest in) {
    String status = in.status() == null ? "ACTIVE" : in.status();
    String prefix = in.familyPrefix() == null ? "" : in.familyPrefix();
    var wanted =
        new Pages.Wanted(
            "ListTaskDefinitionFamilies", status + "/" + prefix, in.maxResults(), in.nextToken());
    PageTokens.Page<FamilyWalk.Step> page =
        state.read(
            view -> {
              var walk = new FamilyWalk(view, call, prefix, status);
              return pages.page(
                  call, wanted, walk::after, FamilyWalk.Step::place, FamilyWalk.Step::listed);
            });
    return ListTaskDefinitionFamiliesResponse.builder()
        .families(page.items().stream().map(FamilyWalk.Step::family).toList())
        .nextToken(page.next())
        .build();
  }
}
