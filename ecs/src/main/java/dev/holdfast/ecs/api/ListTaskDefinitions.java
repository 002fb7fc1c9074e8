// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.ListTaskDefinitionsRequest;
import dev.holdfast.aws.ecs.ListTaskDefinitionsResponse;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.TaskDefinition;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.State;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** Lists the ARNs of revisions, by family and revision. */
public final class ListTaskDefinitions
    implements Operation<ListTaskDefinitionsRequest, ListTaskDefinitionsResponse> {
  private final State state;
  private final Pages pages;

  public ListTaskDefinitions(State state, PageTokens tokens) {
    this.state = state;
    this.pages = new Pages(tokens);
  }

  private static String order(TaskDefinition.Key key) {
    return String.format(Locale.ROOT, "%s\u0000%09d", key.family(), key.revision());
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
    List<TaskDefinition.Key> keys =
        state.read(
            view ->
                view.list(EcsTables.TASK_DEFINITIONS, call.account(), call.region().name()).stream()
                    .filter(d -> d.status().name().equals(status))
                    .map(TaskDefinition::key)
                    .filter(k -> family.isEmpty() || k.family().equals(family))
                    .toList());
    var page =
        pages.page(
            call,
            new Pages.Wanted(
                "ListTaskDefinitions",
                status + " " + family + " " + descending,
                in.maxResults(),
                in.nextToken()),
            descending ? keys.reversed() : keys,
            key -> descending ? reversed(order(key)) : order(key));
    return ListTaskDefinitionsResponse.builder()
        .taskDefinitionArns(page.items().stream().map(k -> k.arn().toString()).toList())
        .nextToken(page.next())
        .build();
  }
}
