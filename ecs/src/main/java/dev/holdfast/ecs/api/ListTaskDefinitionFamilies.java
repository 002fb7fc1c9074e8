// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.ListTaskDefinitionFamiliesRequest;
import dev.holdfast.aws.ecs.ListTaskDefinitionFamiliesResponse;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.TaskDefinition;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.State;
import java.util.List;

/** Lists the names of families. */
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
    List<String> families =
        state.read(
            view -> {
              List<TaskDefinition> all =
                  view.list(EcsTables.TASK_DEFINITIONS, call.account(), call.region().name());
              List<String> active = names(all, TaskDefinition.Status.ACTIVE);
              List<String> inactive = names(all, TaskDefinition.Status.INACTIVE);
              return switch (status) {
                case "ACTIVE" -> active;
                case "INACTIVE" -> inactive.stream().filter(f -> !active.contains(f)).toList();
                default -> all.stream().map(d -> d.key().family()).distinct().sorted().toList();
              };
            });
    var page =
        pages.page(
            call,
            new Pages.Wanted(
                "ListTaskDefinitionFamilies",
                status + " " + prefix,
                in.maxResults(),
                in.nextToken()),
            families.stream().filter(f -> f.startsWith(prefix)).toList(),
            f -> f);
    return ListTaskDefinitionFamiliesResponse.builder()
        .families(page.items())
        .nextToken(page.next())
        .build();
  }

  private static List<String> names(List<TaskDefinition> all, TaskDefinition.Status status) {
    return all.stream()
        .filter(d -> d.status() == status)
        .map(d -> d.key().family())
        .distinct()
        .sorted()
        .toList();
  }
}
