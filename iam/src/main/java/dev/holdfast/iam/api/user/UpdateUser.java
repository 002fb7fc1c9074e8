// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.user;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.UpdateUserRequest;
import dev.holdfast.iam.control.AccessKeys;
import dev.holdfast.iam.control.Directory;
import dev.holdfast.iam.control.Entities;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.MfaDevices;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.User;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import java.util.Objects;

/**
 * UpdateUser: another name or path. The user stays the same one: its id, keys, password, devices,
 * groups, policies and tags go along; sessions that it took under its former name end.
 */
public record UpdateUser(IamState iam) implements Operation<UpdateUserRequest, Empty> {
  @Override
  public OperationModel<UpdateUserRequest, Empty> model() {
    return IamModel.UPDATE_USER;
  }

  @Override
  public Access access(Call call, UpdateUserRequest in) {
    return Entities.moving(
        iam.on(call, "UpdateUser", EntityKind.USER, in.userName()),
        EntityKind.USER,
        call,
        in.newPath(),
        in.newUserName());
  }

  @Override
  public Empty handle(Call call, UpdateUserRequest in) {
    return iam.state()
        .commit(
            call,
            tx -> {
              User user = Directory.user(tx, call.account(), in.userName());
              User moved =
                  user.named(
                      Objects.requireNonNullElse(in.newUserName(), user.name()),
                      Objects.requireNonNullElse(in.newPath(), user.path()));
              Entities.move(tx, call, user, moved);
              AccessKeys.of(tx, call.account(), user)
                  .forEach(key -> AccessKeys.put(tx, key.of(moved.name(), moved.id())));
              MfaDevices.rename(tx, call.account(), moved);
              return new Empty();
            });
  }
}
