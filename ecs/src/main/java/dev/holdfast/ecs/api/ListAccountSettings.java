// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.ListAccountSettingsRequest;
import dev.holdfast.aws.ecs.ListAccountSettingsResponse;
import dev.holdfast.aws.ecs.Setting;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.State;
import java.util.Comparator;
import java.util.List;

/** Lists the settings of a user or role, or what holds for it. */
public final class ListAccountSettings
    implements Operation<ListAccountSettingsRequest, ListAccountSettingsResponse> {
  private final State state;
  private final Pages pages;

  public ListAccountSettings(State state, PageTokens tokens) {
    this.state = state;
    this.pages = new Pages(tokens);
  }

  @Override
  public OperationModel<ListAccountSettingsRequest, ListAccountSettingsResponse> model() {
    return EcsModel.LIST_ACCOUNT_SETTINGS;
  }

  @Override
  public Access access(Call call, ListAccountSettingsRequest in) {
    return AccountSettings.access("ecs:ListAccountSettings", null);
  }

  @Override
  public ListAccountSettingsResponse handle(Call call, ListAccountSettingsRequest in) {
    Arn whose = AccountSettings.principal(call, in.principalArn());
    boolean effective = Boolean.TRUE.equals(in.effectiveSettings());
    List<Setting> all =
        state
            .read(
                view ->
                    effective
                        ? AccountSettings.effective(view, call, whose)
                        : AccountSettings.own(view, call, whose))
            .stream()
            .filter(s -> in.name() == null || in.name().equals(s.name()))
            .filter(s -> in.value() == null || in.value().equals(s.value()))
            .sorted(Comparator.comparing(s -> String.valueOf(s.name())))
            .toList();
    Integer most = in.maxResults();
    var wanted =
        new Pages.Wanted(
            "ListAccountSettings",
            whose + " " + effective + " " + in.name() + " " + in.value(),
            most == null || most == 0 ? (Integer) 100 : most,
            in.nextToken());
    PageTokens.Page<Setting> page = pages.page(call, wanted, all, s -> String.valueOf(s.name()));
    return ListAccountSettingsResponse.builder()
        .settings(page.items())
        .nextToken(page.next())
        .build();
  }
}
