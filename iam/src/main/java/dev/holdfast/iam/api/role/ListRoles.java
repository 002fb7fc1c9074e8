// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.role;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListRolesRequest;
import dev.holdfast.aws.iam.ListRolesResponse;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.Role;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens.Page;
import dev.holdfast.store.View;

/** ListRoles. */
public record ListRoles(IamState iam) implements Operation<ListRolesRequest, ListRolesResponse> {
  @Override
  public OperationModel<ListRolesRequest, ListRolesResponse> model() {
    return IamModel.LIST_ROLES;
  }

  @Override
  public Access access(Call call, ListRolesRequest in) {
    return Access.of(
        "iam:ListRoles", Arn.global("iam", call.account(), "role" + Wire.path(in.pathPrefix())));
  }

  @Override
  public ListRolesResponse handle(Call call, ListRolesRequest in) {
    return iam.state().read(view -> roles(view, call, in));
  }

  private ListRolesResponse roles(View view, Call call, ListRolesRequest in) {
    Page<Entity> page =
        iam.entities(
            view, call, "ListRoles", EntityKind.ROLE, in.pathPrefix(), in.marker(), in.maxItems());
    return ListRolesResponse.builder()
        .roles(
            page.items().stream()
                .map(entity -> Wire.role(view, call.account(), (Role) entity))
                .toList())
        .isTruncated(page.next() != null)
        .marker(page.next())
        .build();
  }
}
