// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.PutAccountSettingRequest;
import dev.holdfast.aws.ecs.PutAccountSettingResponse;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;

/** Sets something for a user or role. */
public final class PutAccountSetting
    implements Operation<PutAccountSettingRequest, PutAccountSettingResponse> {
  private final State state;

  public PutAccountSetting(State state) {
    this.state = state;
  }

  @Override
  public OperationModel<PutAccountSettingRequest, PutAccountSettingResponse> model() {
    return EcsModel.PUT_ACCOUNT_SETTING;
  }

  @Override
  public Access access(Call call, PutAccountSettingRequest in) {
    return AccountSettings.access("ecs:PutAccountSetting", in.name());
  }

  @Override
  public PutAccountSettingResponse handle(Call call, PutAccountSettingRequest in) {
    Arn whose = AccountSettings.principal(call, in.principalArn());
    return state.commit(
        call,
        tx ->
            PutAccountSettingResponse.builder()
                .setting(AccountSettings.put(tx, call, whose, in.name(), in.value()))
                .build());
  }
}
