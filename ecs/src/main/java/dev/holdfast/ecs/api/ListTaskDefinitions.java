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
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

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

  /** Nothing is read backwards, so this reads all of the family, or of all families, each time. */
  private PageTokens.Page<TaskDefinition> newestFirst(
      View view, Call call, Pages.Wanted wanted, String family, String status) {
    List<TaskDefinition> all =
        view
            .list(
                EcsTables.TASK_DEFINITIONS,
                call.account(),
                place(call, family).toArray(String[]::new))
            .stream()
            .filter(d -> d.status().name().equals(status))
            .toList();
    return pages.page(call, wanted, all.reversed(), d -> reversed(order(d.key())));
  }

  /** A text whose order is the other way round. */
  private static String reversed(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) ~bytes[i];
    }
    return HexFormat.of().formatHex(bytes) + "g";
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
            status + " " + family + " " + descending,
            in.maxResults(),
            in.nextToken());
    PageTokens.Page<TaskDefinition> page =
        state.read(
            view ->
                descending
                    ? newestFirst(view, call, wanted, family, status)
                    : pages.page(
                        call,
                        wanted,
                        (after, limit) ->
                            view.list(
                                EcsTables.TASK_DEFINITIONS,
                                call.account(),
                                place(call, family),
                                after == null ? null : key(call, after),
                                limit),
                        d -> order(d.key()),
                        d -> d.status().name().equals(status)));
    return ListTaskDefinitionsResponse.builder()
        .taskDefinitionArns(page.items().stream().map(d -> d.key().arn().toString()).toList())
        .nextToken(page.next())
        .build();
  }
}
