// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.user;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.Tag;
import dev.holdfast.aws.iam.TagUserRequest;
import dev.holdfast.iam.control.Entities;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.Taggings;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;

/** TagUser. */
public record TagUser(IamState iam) implements Operation<TagUserRequest, Empty> {
  @Override
  public OperationModel<TagUserRequest, Empty> model() {
    return IamModel.TAG_USER;
  }

  @Override
  public Access access(Call call, TagUserRequest in) {
    return Access.of(
        iam.on(call, "TagUser", EntityKind.USER, in.userName())
            .requestTags(Tags.map(in.tags(), Tag::key, Tag::value)));
  }

  @Override
  public Empty handle(Call call, TagUserRequest in) {
    return new Taggings(iam)
        .tag(call, Entities.arn(call, EntityKind.USER, in.userName()), in.tags());
  }
}
