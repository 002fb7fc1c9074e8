// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.role;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.UntagRoleRequest;
import dev.holdfast.iam.control.Entities;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.Taggings;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;

/** UntagRole. */
public record UntagRole(IamState iam) implements Operation<UntagRoleRequest, Empty> {
  @Override
  public OperationModel<UntagRoleRequest, Empty> model() {
    return IamModel.UNTAG_ROLE;
  }

  @Override
  public Access access(Call call, UntagRoleRequest in) {
    return Access.of(
        iam.on(call, "UntagRole", EntityKind.ROLE, in.roleName()).tagKeys(in.tagKeys()));
  }

  @Override
  public Empty handle(Call call, UntagRoleRequest in) {
    return new Taggings(iam)
        .untag(call, Entities.arn(call, EntityKind.ROLE, in.roleName()), in.tagKeys());
  }
}
