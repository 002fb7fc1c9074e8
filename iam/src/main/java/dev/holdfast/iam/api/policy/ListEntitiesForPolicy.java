// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.policy;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListEntitiesForPolicyRequest;
import dev.holdfast.aws.iam.ListEntitiesForPolicyResponse;
import dev.holdfast.aws.iam.PolicyGroup;
import dev.holdfast.aws.iam.PolicyRole;
import dev.holdfast.aws.iam.PolicyUser;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.Boundaries;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.ManagedPolicies;
import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens.Page;
import dev.holdfast.store.View;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Stream;

/** ListEntitiesForPolicy. */
public record ListEntitiesForPolicy(IamState iam)
    implements Operation<ListEntitiesForPolicyRequest, ListEntitiesForPolicyResponse> {
  @Override
  public OperationModel<ListEntitiesForPolicyRequest, ListEntitiesForPolicyResponse> model() {
    return IamModel.LIST_ENTITIES_FOR_POLICY;
  }

  @Override
  public Access access(Call call, ListEntitiesForPolicyRequest in) {
    return Access.of(IamState.onPolicy("ListEntitiesForPolicy", in.policyArn()));
  }

  @Override
  public ListEntitiesForPolicyResponse handle(Call call, ListEntitiesForPolicyRequest in) {
    String prefix = Wire.path(in.pathPrefix());
    List<Entity> all =
        iam.state()
            .read(
                view -> {
                  ManagedPolicies.find(view, call.account(), in.policyArn());
                  return using(view, call, in);
                });
    List<Entity> listed =
        all.stream()
            .filter(e -> in.entityFilter() == null || in.entityFilter().equals(e.kind().title()))
            .filter(e -> e.path().startsWith(prefix))
            .toList();
    String operation =
        String.join(
            " ",
            "ListEntitiesForPolicy",
            in.policyArn(),
            in.entityFilter(),
            in.policyUsageFilter(),
            prefix);
    Page<Entity> page =
        iam.page(
            call,
            operation,
            listed,
            e -> e.kind().word() + "/" + e.name(),
            in.marker(),
            in.maxItems());
    return ListEntitiesForPolicyResponse.builder()
        .policyGroups(
            of(page, EntityKind.GROUP)
                .map(e -> PolicyGroup.builder().groupName(e.name()).groupId(e.id()).build())
                .toList())
        .policyUsers(
            of(page, EntityKind.USER)
                .map(e -> PolicyUser.builder().userName(e.name()).userId(e.id()).build())
                .toList())
        .policyRoles(
            of(page, EntityKind.ROLE)
                .map(e -> PolicyRole.builder().roleName(e.name()).roleId(e.id()).build())
                .toList())
        .isTruncated(page.next() != null)
        .marker(page.next())
        .build();
  }

  /** Those that have it attached, or as their boundary, or either; each once. */
  private static List<Entity> using(View view, Call call, ListEntitiesForPolicyRequest in) {
    var found = new LinkedHashSet<Entity>();
    if (!"PermissionsBoundary".equals(in.policyUsageFilter())) {
      found.addAll(
          view.byIndex(IamTables.ENTITIES, call.account(), IamTables.ATTACHED, in.policyArn()));
    }
    if (!"PermissionsPolicy".equals(in.policyUsageFilter())) {
      found.addAll(Boundaries.users(view, call.account(), in.policyArn()));
    }
    return List.copyOf(found);
  }

  private static Stream<Entity> of(Page<Entity> page, EntityKind kind) {
    return page.items().stream().filter(entity -> entity.kind() == kind);
  }
}
