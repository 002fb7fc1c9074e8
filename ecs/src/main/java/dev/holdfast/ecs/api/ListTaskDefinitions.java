// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.ListTaskDefinitionsRequest;
import dev.holdfast.aws.ecs.ListTaskDefinitionsResponse;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.TaskDefinition;
import dev.holdfast.kit.Ids;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.State;
import dev.holdfast.store.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists the ARNs of revisions, by family and revision. */
public final class ListTaskDefinitions
    implements Operation<ListTaskDefinitionsRequest, ListTaskDefinitionsResponse> {
  private static final char SEPARATOR = '\0';

  private final State state;
  private final Pages pages;

  public ListTaskDefinitions(State state, PageTokens tokens) {
    this.state = state;
    this.pages = new Pages(tokens);
  }

  private static String order(TaskDefinition.Key key) {
    return key.family() + SEPARATOR + Ids.padded(key.revision(), 9);
  }

  private static TaskDefinition.Key key(Call call, String order) {
    int end = order.indexOf(SEPARATOR);
    return new TaskDefinition.Key(
        call.account(),
        call.region(),
        order.substring(0, end),
        Integer.parseInt(order.substring(end + 1)));
  }

  private static List<String> place(Call call, String family) {
    return family.isEmpty() ? List.of(call.region().name()) : List.of(call.region().name(), family);
  }

  private static List<TaskDefinition> read(
      View view,
      Call call,
      String family,
      boolean descending,
      TaskDefinition.@Nullable Key last,
      int limit) {
    return descending
        ? view.listBackwards(
            EcsTables.TASK_DEFINITIONS, call.account(), place(call, family), last, limit)
        : view.list(EcsTables.TASK_DEFINITIONS, call.account(), place(call, family), last, limit);
  }

  @Override
  public OperationModel<ListTaskDefinitionsRequest, ListTaskDefinitionsResponse> model() {
    return EcsModel.LIST_TASK_DEFINITIONS;
  }

  @Override
  public Access access(Call call, ListTaskDefinitionsRequest in) {
    return Access.of("ecs:ListTaskDefinitions");
  }

  @Override
  public ListTaskDefinitionsResponse handle(Call call, ListTaskDefinitionsRequest in) {
    String status = in.status() == null ? "ACTIVE" : in.status();
    String family = in.familyPrefix() == null ? "" : in.familyPrefix();
    boolean descending = "DESC".equals(in.sort());
    if (in.sort() != null && !descending && !in.sort().equals("ASC")) {
      throw EcsError.INVALID_PARAMETER.because("sort must be ASC or DESC");
    }
    var wanted =
        new Pages.Wanted(
            "ListTaskDefinitions",
            status + " " + family + (descending ? " DESC" : " ASC"),
            in.maxResults(),
            in.nextToken());
    PageTokens.Page<TaskDefinition> page =
        state.read(
            view ->
                pages.page(
                    call,
                    wanted,
                    (last, limit) ->
                        read(
                            view,
                            call,
                            family,
                            descending,
                            last == null ? null : key(call, last),
                            limit),
                    d -> order(d.key()),
                    d -> d.status().name().equals(status)));
    return ListTaskDefinitionsResponse.builder()
        .taskDefinitionArns(page.items().stream().map(d -> d.key().arn().toString()).toList())
        .nextToken(page.next())
        .build();
  }
}
