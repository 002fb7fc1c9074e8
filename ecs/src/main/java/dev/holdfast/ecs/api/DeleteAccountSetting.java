// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.DeleteAccountSettingRequest;
import dev.holdfast.aws.ecs.DeleteAccountSettingResponse;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;

/** Takes a setting of a user or role away. */
public final class DeleteAccountSetting
    implements Operation<DeleteAccountSettingRequest, DeleteAccountSettingResponse> {
  private final State state;

  public DeleteAccountSetting(State state) {
    this.state = state;
  }

  @Override
  public OperationModel<DeleteAccountSettingRequest, DeleteAccountSettingResponse> model() {
    return EcsModel.DELETE_ACCOUNT_SETTING;
  }

  @Override
  public Access access(Call call, DeleteAccountSettingRequest in) {
    return AccountSettings.access("ecs:DeleteAccountSetting", in.name());
  }

  @Override
  public DeleteAccountSettingResponse handle(Call call, DeleteAccountSettingRequest in) {
    Arn whose = AccountSettings.principal(call, in.principalArn());
    return state.commit(
        call,
        tx ->
            DeleteAccountSettingResponse.builder()
                .setting(AccountSettings.delete(tx, call, whose, in.name()))
                .build());
  }
}
