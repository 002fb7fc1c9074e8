// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.user;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.UntagUserRequest;
import dev.holdfast.iam.control.Entities;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.Taggings;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** UntagUser. */
public record UntagUser(IamState iam) implements Operation<UntagUserRequest, Empty> {
  @Override
  public OperationModel<UntagUserRequest, Empty> model() {
    return IamModel.UNTAG_USER;
  }

  @Override
  public Access access(Call call, UntagUserRequest in) {
    return Access.of(
        iam.on(call, "UntagUser", EntityKind.USER, in.userName()).tagKeys(in.tagKeys()));
  }

  @Override
  public Empty handle(Call call, UntagUserRequest in) {
    return new Taggings(iam)
        .untag(call, Entities.arn(call, EntityKind.USER, in.userName()), in.tagKeys());
  }
}
