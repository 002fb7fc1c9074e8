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
import dev.holdfast.store.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    var wanted =
        new Pages.Wanted(
            "ListTaskDefinitionFamilies", status + " " + prefix, in.maxResults(), in.nextToken());
    PageTokens.Page<EcsTables.Family> page =
        state.read(
            view ->
                pages.page(
                    call,
                    wanted,
                    (after, limit) -> families(view, call, after, limit),
                    EcsTables.Family::name,
                    family ->
                        family.name().startsWith(prefix)
                            && passes(view, call, family.name(), status)));
    return ListTaskDefinitionFamiliesResponse.builder()
        .families(page.items().stream().map(EcsTables.Family::name).toList())
        .nextToken(page.next())
        .build();
  }

  private static List<EcsTables.Family> families(
      View view, Call call, @Nullable String after, int limit) {
    String region = call.region().name();
    return view.list(
        EcsTables.FAMILIES,
        call.account(),
        List.of(region),
        after == null ? null : new EcsTables.FamilyKey(region, after),
        limit);
  }

  /** A family is inactive where none of its revisions is active. */
  private static boolean passes(View view, Call call, String family, String status) {
    List<TaskDefinition.Status> all =
        view.list(EcsTables.TASK_DEFINITIONS, call.account(), call.region().name(), family).stream()
            .map(TaskDefinition::status)
            .toList();
    boolean active = all.contains(TaskDefinition.Status.ACTIVE);
    return switch (status) {
      case "ACTIVE" -> active;
      case "INACTIVE" -> !active && all.contains(TaskDefinition.Status.INACTIVE);
      default -> !all.isEmpty();
    };
  }
}
