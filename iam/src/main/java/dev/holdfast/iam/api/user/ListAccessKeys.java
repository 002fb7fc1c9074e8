// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.user;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.AccessKeyMetadata;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListAccessKeysRequest;
import dev.holdfast.aws.iam.ListAccessKeysResponse;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.AccessKeys;
import dev.holdfast.iam.control.Directory;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import java.util.List;

/** ListAccessKeys. */
public record ListAccessKeys(IamState iam)
    implements Operation<ListAccessKeysRequest, ListAccessKeysResponse> {
  @Override
  public OperationModel<ListAccessKeysRequest, ListAccessKeysResponse> model() {
    return IamModel.LIST_ACCESS_KEYS;
  }

  @Override
  public Access access(Call call, ListAccessKeysRequest in) {
    return Access.of(
        iam.on(call, "ListAccessKeys", EntityKind.USER, IamState.userName(call, in.userName())));
  }

  @Override
  public ListAccessKeysResponse handle(Call call, ListAccessKeysRequest in) {
    String name = IamState.userName(call, in.userName());
    return iam.state()
        .read(
            view -> {
              var user = Directory.user(view, call.account(), name);
              List<AccessKeyMetadata> keys =
                  AccessKeys.of(view, call.account(), user).stream().map(Wire::key).toList();
              return ListAccessKeysResponse.builder()
                  .accessKeyMetadata(keys)
                  .isTruncated(false)
                  .build();
            });
  }
}
