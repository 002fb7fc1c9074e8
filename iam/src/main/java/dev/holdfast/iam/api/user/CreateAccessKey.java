// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.user;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.AccessKey;
import dev.holdfast.aws.iam.CreateAccessKeyRequest;
import dev.holdfast.aws.iam.CreateAccessKeyResponse;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.AccessKeys;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.User;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** CreateAccessKey. */
public record CreateAccessKey(IamState iam)
    implements Operation<CreateAccessKeyRequest, CreateAccessKeyResponse> {
  @Override
  public OperationModel<CreateAccessKeyRequest, CreateAccessKeyResponse> model() {
    return IamModel.CREATE_ACCESS_KEY;
  }

  @Override
  public Access access(Call call, CreateAccessKeyRequest in) {
    return Access.of(
        iam.on(call, "CreateAccessKey", EntityKind.USER, IamState.userName(call, in.userName())));
  }

  @Override
  public CreateAccessKeyResponse handle(Call call, CreateAccessKeyRequest in) {
    String name = IamState.userName(call, in.userName());
    dev.holdfast.iam.model.AccessKey blank =
        AccessKeys.draw(call.account(), iam.random(), call.now());
    return iam.state()
        .commit(
            call,
            tx -> {
              var user = (User) IamState.judged(tx, call, EntityKind.USER, name);
              var key = blank.of(user.name(), user.id());
              AccessKeys.add(tx, call.account(), user, key);
              return CreateAccessKeyResponse.builder().accessKey(shape(key)).build();
            });
  }

  private static AccessKey shape(dev.holdfast.iam.model.AccessKey key) {
    return AccessKey.builder()
        .userName(key.userName())
        .accessKeyId(key.id())
        .status(key.status())
        .secretAccessKey(key.secret())
        .createDate(Wire.date(key.created()))
        .build();
  }
}
