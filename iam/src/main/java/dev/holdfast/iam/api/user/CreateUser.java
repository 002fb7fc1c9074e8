// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.user;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.CreateUserRequest;
import dev.holdfast.aws.iam.CreateUserResponse;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.Tag;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.Boundaries;
import dev.holdfast.iam.control.Entities;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.Taggings;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.Grants;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;
import java.util.List;
import java.util.Map;

/** CreateUser. */
public record CreateUser(IamState iam) implements Operation<CreateUserRequest, CreateUserResponse> {
  @Override
  public OperationModel<CreateUserRequest, CreateUserResponse> model() {
    return IamModel.CREATE_USER;
  }

  @Override
  public Access access(Call call, CreateUserRequest in) {
    Arn arn = EntityKind.USER.arn(call.account(), Wire.path(in.path()), in.userName());
    Map<String, String> tags = Tags.map(in.tags(), Tag::key, Tag::value);
    Demand demand = Demand.on("iam:CreateUser", arn).made(tags);
    Access access = Access.of(Boundaries.asked(demand, in.permissionsBoundary()));
    return tags.isEmpty() ? access : access.and(Demand.on("iam:TagUser", arn).made(tags));
  }

  @Override
  public CreateUserResponse handle(Call call, CreateUserRequest in) {
    if (in.permissionsBoundary() != null) {
      IamState.policyArn(in.permissionsBoundary());
    }
    Map<String, String> tags = Taggings.given(in.tags());
    String id = iam.id(EntityKind.USER.idPrefix());
    return iam.state()
        .commit(
            call,
            tx -> {
              var user =
                  new dev.holdfast.iam.model.User(
                      in.userName(),
                      Wire.path(in.path()),
                      id,
                      call.now(),
                      Grants.NONE.within(
                          Boundaries.existing(tx, call.account(), in.permissionsBoundary())),
                      List.of());
              Entities.add(tx, call, user, tags);
              return CreateUserResponse.builder().user(Wire.user(tx, call.account(), user)).build();
            });
  }
}
