// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.role;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListRolesRequest;
import dev.holdfast.aws.iam.ListRolesResponse;
import dev.holdfast.aws.iam.Role;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens.Page;
import java.util.List;

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
    List<Role> all =
        iam.state()
            .read(
                view ->
                    IamState.list(view, call, EntityKind.ROLE, in.pathPrefix()).stream()
                        .map(e -> Wire.role(view, call.account(), (dev.holdfast.iam.model.Role) e))
                        .toList());
    Page<Role> page =
        iam.page(
            call, "ListRoles " + in.pathPrefix(), all, Role::roleName, in.marker(), in.maxItems());
    return ListRolesResponse.builder()
        .roles(page.items())
        .isTruncated(page.next() != null)
        .marker(page.next())
        .build();
  }
}
