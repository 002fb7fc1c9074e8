// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.role;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.Tag;
import dev.holdfast.aws.iam.TagRoleRequest;
import dev.holdfast.iam.control.Entities;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.Taggings;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;

/** TagRole. */
public record TagRole(IamState iam) implements Operation<TagRoleRequest, Empty> {
  @Override
  public OperationModel<TagRoleRequest, Empty> model() {
    return IamModel.TAG_ROLE;
  }

  @Override
  public Access access(Call call, TagRoleRequest in) {
    return Access.of(
        iam.on(call, "TagRole", EntityKind.ROLE, in.roleName())
            .requestTags(Tags.map(in.tags(), Tag::key, Tag::value)));
  }

  @Override
  public Empty handle(Call call, TagRoleRequest in) {
    return new Taggings(iam)
        .tag(call, Entities.arn(call, EntityKind.ROLE, in.roleName()), in.tags());
  }
}
