// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.user;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListSSHPublicKeysRequest;
import dev.holdfast.aws.iam.ListSSHPublicKeysResponse;
import dev.holdfast.iam.control.Directory;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import java.util.List;

/** ListSSHPublicKeys: nobody has any here, as there is nothing that they open. */
public record ListSSHPublicKeys(IamState iam)
    implements Operation<ListSSHPublicKeysRequest, ListSSHPublicKeysResponse> {
  @Override
  public OperationModel<ListSSHPublicKeysRequest, ListSSHPublicKeysResponse> model() {
    return IamModel.LIST_SSH_PUBLIC_KEYS;
  }

  @Override
  public Access access(Call call, ListSSHPublicKeysRequest in) {
    return Access.of(
        iam.on(call, "ListSSHPublicKeys", EntityKind.USER, IamState.userName(call, in.userName())));
  }

  @Override
  public ListSSHPublicKeysResponse handle(Call call, ListSSHPublicKeysRequest in) {
    String name = IamState.userName(call, in.userName());
    iam.state().read(view -> Directory.user(view, call.account(), name));
    return ListSSHPublicKeysResponse.builder().sshPublicKeys(List.of()).isTruncated(false).build();
  }
}
