// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.role;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.CreateRoleRequest;
import dev.holdfast.aws.iam.CreateRoleResponse;
import dev.holdfast.aws.iam.IamError;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.Role;
import dev.holdfast.aws.iam.Tag;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.Boundaries;
import dev.holdfast.iam.control.Entities;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.Taggings;
import dev.holdfast.iam.control.Trusts;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.Grants;
import dev.holdfast.iam.plan.LinkedService;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;
import java.util.Map;
import java.util.Objects;

/** CreateRole. */
public record CreateRole(IamState iam) implements Operation<CreateRoleRequest, CreateRoleResponse> {
  @Override
  public OperationModel<CreateRoleRequest, CreateRoleResponse> model() {
    return IamModel.CREATE_ROLE;
  }

  @Override
  public Access access(Call call, CreateRoleRequest in) {
    Arn arn = EntityKind.ROLE.arn(call.account(), Wire.path(in.path()), in.roleName());
    Map<String, String> tags = Tags.map(in.tags(), Tag::key, Tag::value);
    Demand demand = Demand.on("iam:CreateRole", arn).made(tags);
    Access access = Access.of(Boundaries.asked(demand, in.permissionsBoundary()));
    return tags.isEmpty() ? access : access.and(Demand.on("iam:TagRole", arn).made(tags));
  }

  @Override
  public CreateRoleResponse handle(Call call, CreateRoleRequest in) {
    if (LinkedService.isPath(Wire.path(in.path()))) {
      throw IamError.INVALID_INPUT.because(
          "the path %s is for service-linked roles: call CreateServiceLinkedRole",
          LinkedService.PATH);
    }
    if (in.permissionsBoundary() != null) {
      IamState.policyArn(in.permissionsBoundary());
    }
    Map<String, String> tags = Taggings.given(in.tags());
    String id = iam.id(EntityKind.ROLE.idPrefix());
    var settings =
        new dev.holdfast.iam.model.Role.Settings(
            in.description(), Objects.requireNonNullElse(in.maxSessionDuration(), 3600));
    return iam.state()
        .commit(
            call,
            tx -> {
              var role =
                  new dev.holdfast.iam.model.Role(
                      in.roleName(),
                      Wire.path(in.path()),
                      id,
                      call.now(),
                      Grants.NONE.within(
                          Boundaries.existing(tx, call.account(), in.permissionsBoundary())),
                      Trusts.of(tx, call.account(), in.assumeRolePolicyDocument()),
                      settings);
              Entities.add(tx, call, role, tags);
              Role shape =
                  Wire.roleInFull(tx, call.account(), role).toBuilder().roleLastUsed(null).build();
              return CreateRoleResponse.builder().role(shape).build();
            });
  }
}
