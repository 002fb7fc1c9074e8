// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.account;

import dev.holdfast.aws.iam.AttachedPolicy;
import dev.holdfast.aws.iam.GroupDetail;
import dev.holdfast.aws.iam.ManagedPolicyDetail;
import dev.holdfast.aws.iam.Policy;
import dev.holdfast.aws.iam.PolicyDetail;
import dev.holdfast.aws.iam.RoleDetail;
import dev.holdfast.aws.iam.UserDetail;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.Boundaries;
import dev.holdfast.iam.control.Profiles;
import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.Group;
import dev.holdfast.iam.model.ManagedPolicy;
import dev.holdfast.iam.model.Role;
import dev.holdfast.iam.model.User;
import dev.holdfast.iam.plan.AwsPolicies;
import dev.holdfast.kit.AccountId;
import dev.holdfast.store.View;
import java.util.List;

/** Entities and policies with everything that they hold, as shapes. */
record AuthorizationDetails(View view, AccountId account) {

  UserDetail user(User user) {
    var shape = Wire.user(view, account, user);
    return UserDetail.builder()
        .path(shape.path())
        .userName(shape.userName())
        .userId(shape.userId())
        .arn(shape.arn())
        .createDate(shape.createDate())
        .userPolicyList(inline(user))
        .groupList(user.groups())
        .attachedManagedPolicies(attached(user))
        .permissionsBoundary(Boundaries.shape(user))
        .tags(shape.tags())
        .build();
  }

  GroupDetail group(Group group) {
    var shape = Wire.group(account, group);
    return GroupDetail.builder()
        .path(shape.path())
        .groupName(shape.groupName())
        .groupId(shape.groupId())
        .arn(shape.arn())
        .createDate(shape.createDate())
        .groupPolicyList(inline(group))
        .attachedManagedPolicies(attached(group))
        .build();
  }

  RoleDetail role(Role role) {
    var shape = Wire.roleInFull(view, account, role);
    return RoleDetail.builder()
        .path(shape.path())
        .roleName(shape.roleName())
        .roleId(shape.roleId())
        .arn(shape.arn())
        .createDate(shape.createDate())
        .assumeRolePolicyDocument(shape.assumeRolePolicyDocument())
        .instanceProfileList(
            Profiles.of(view, account, role).stream()
                .map(profile -> Wire.profile(view, account, profile))
                .toList())
        .rolePolicyList(inline(role))
        .attachedManagedPolicies(attached(role))
        .permissionsBoundary(Boundaries.shape(role))
        .tags(shape.tags())
        .roleLastUsed(shape.roleLastUsed())
        .build();
  }

  ManagedPolicyDetail policy(ManagedPolicy policy) {
    boolean own = AwsPolicies.find(AwsPolicies.arn(policy)).filter(policy::equals).isEmpty();
    String arn = own ? policy.arn(account).toString() : AwsPolicies.arn(policy);
    Policy shape = Wire.policyInFull(view, account, arn, policy);
    return ManagedPolicyDetail.builder()
        .policyName(shape.policyName())
        .policyId(shape.policyId())
        .arn(arn)
        .path(shape.path())
        .defaultVersionId(shape.defaultVersionId())
        .attachmentCount(shape.attachmentCount())
        .permissionsBoundaryUsageCount(shape.permissionsBoundaryUsageCount())
        .isAttachable(shape.isAttachable())
        .description(shape.description())
        .createDate(shape.createDate())
        .updateDate(shape.updateDate())
        .policyVersionList(
            policy.versions().stream()
                .map(
                    version ->
                        Wire.version(policy, version).toBuilder()
                            .document(Wire.encoded(version.document()))
                            .build())
                .toList())
        .build();
  }

  private static List<PolicyDetail> inline(Entity entity) {
    return entity.grants().inline().entrySet().stream()
        .map(
            policy ->
                PolicyDetail.builder()
                    .policyName(policy.getKey())
                    .policyDocument(Wire.encoded(policy.getValue()))
                    .build())
        .toList();
  }

  private static List<AttachedPolicy> attached(Entity entity) {
    return entity.grants().managed().stream()
        .map(
            arn ->
                AttachedPolicy.builder()
                    .policyName(arn.substring(arn.lastIndexOf('/') + 1))
                    .policyArn(arn)
                    .build())
        .toList();
  }
}
