// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.PutAccountSettingDefaultRequest;
import dev.holdfast.aws.ecs.PutAccountSettingDefaultResponse;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;

/** Sets something for everybody who has no setting of their own. */
public final class PutAccountSettingDefault
    implements Operation<PutAccountSettingDefaultRequest, PutAccountSettingDefaultResponse> {
  private final State state;

  public PutAccountSettingDefault(State state) {
    this.state = state;
  }

  @Override
  public OperationModel<PutAccountSettingDefaultRequest, PutAccountSettingDefaultResponse> model() {
    return EcsModel.PUT_ACCOUNT_SETTING_DEFAULT;
  }

  @Override
  public Access access(Call call, PutAccountSettingDefaultRequest in) {
    return AccountSettings.access("ecs:PutAccountSettingDefault", in.name());
  }

  @Override
  public PutAccountSettingDefaultResponse handle(Call call, PutAccountSettingDefaultRequest in) {
    Arn whose = AccountSettings.everybody(call);
    return state.commit(
        call,
        tx ->
            PutAccountSettingDefaultResponse.builder()
                .setting(AccountSettings.put(tx, call, whose, in.name(), in.value()))
                .build());
  }
}
