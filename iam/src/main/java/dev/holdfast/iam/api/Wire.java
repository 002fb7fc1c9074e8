// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api;

import dev.holdfast.aws.iam.AccessKeyMetadata;
import dev.holdfast.aws.iam.Group;
import dev.holdfast.aws.iam.InstanceProfile;
import dev.holdfast.aws.iam.Policy;
import dev.holdfast.aws.iam.PolicyVersion;
import dev.holdfast.aws.iam.Role;
import dev.holdfast.aws.iam.RoleLastUsed;
import dev.holdfast.aws.iam.User;
import dev.holdfast.iam.control.Boundaries;
import dev.holdfast.iam.control.Directory;
import dev.holdfast.iam.control.ManagedPolicies;
import dev.holdfast.iam.control.Taggings;
import dev.holdfast.iam.control.Trusts;
import dev.holdfast.iam.model.AccessKey;
import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.LastUse;
import dev.holdfast.iam.model.ManagedPolicy;
import dev.holdfast.iam.model.StoredProfile;
import dev.holdfast.iam.plan.AwsPolicies;
import dev.holdfast.kit.AccountId;
import dev.holdfast.service.Tags;
import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** IAM's records as IAM's shapes. */
public final class Wire {
  private Wire() {}

  /** The path that is meant: the root path where none is given. */
  public static String path(@Nullable String path) {
    return path == null ? "/" : path;
  }

  /** A policy document as IAM returns it: percent-encoded by RFC 3986. */
  public static String encoded(String document) {
    return URLEncoder.encode(document, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }

  /** IAM's dates have whole seconds. */
  public static Instant date(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS);
  }

  /** A user as lists show it. */
  public static User user(AccountId account, Entity user) {
    return User.builder()
        .path(user.path())
        .userName(user.name())
        .userId(user.id())
        .arn(user.arn(account).toString())
        .createDate(date(user.created()))
        .build();
  }

  /** A user with its tags and its boundary. */
  public static User user(View view, AccountId account, Entity user) {
    return user(account, user).toBuilder()
        .permissionsBoundary(Boundaries.shape(user))
        .tags(Taggings.shapes(Tags.of(view, account, user.arn(account))))
        .build();
  }

  public static Group group(AccountId account, Entity group) {
    return Group.builder()
        .path(group.path())
        .groupName(group.name())
        .groupId(group.id())
        .arn(group.arn(account).toString())
        .createDate(date(group.created()))
        .build();
  }

  /** A role as lists show it. */
  public static Role role(View view, AccountId account, dev.holdfast.iam.model.Role role) {
    return Role.builder()
        .path(role.path())
        .roleName(role.name())
        .roleId(role.id())
        .arn(role.arn(account).toString())
        .createDate(date(role.created()))
        .assumeRolePolicyDocument(encoded(Trusts.shown(view, account, role)))
        .description(role.settings().description())
        .maxSessionDuration(role.settings().maxSession())
        .build();
  }

  /** A role with its tags and its boundary. */
  public static Role roleInFull(View view, AccountId account, dev.holdfast.iam.model.Role role) {
    return role(view, account, role).toBuilder()
        .permissionsBoundary(Boundaries.shape(role))
        .tags(Taggings.shapes(Tags.of(view, account, role.arn(account))))
        .roleLastUsed(lastUse(view, role))
        .build();
  }

  private static RoleLastUsed lastUse(View view, dev.holdfast.iam.model.Role role) {
    LastUse use = view.get(IamTables.LAST_USES, Table.PLATFORM, role.id());
    return use == null
        ? RoleLastUsed.builder().build()
        : RoleLastUsed.builder().lastUsedDate(use.at()).region(use.region()).build();
  }

  /** A managed policy as lists show it. */
  public static Policy policy(View view, AccountId account, String arn, ManagedPolicy policy) {
    return Policy.builder()
        .policyName(policy.name())
        .policyId(policy.id())
        .arn(arn)
        .path(policy.path())
        .defaultVersionId(policy.defaultVersion())
        .attachmentCount(ManagedPolicies.attachments(view, account, arn))
        .permissionsBoundaryUsageCount(Boundaries.users(view, account, arn).size())
        .isAttachable(!AwsPolicies.isOfService(arn))
        .createDate(date(policy.created()))
        .updateDate(date(policy.updated()))
        .build();
  }

  /** A managed policy with its description and tags. */
  public static Policy policyInFull(
      View view, AccountId account, String arn, ManagedPolicy policy) {
    return policy(view, account, arn, policy).toBuilder()
        .description(policy.description())
        .tags(Taggings.shapes(Tags.of(view, account, arn)))
        .build();
  }

  /** A version of a policy as lists show it. */
  public static PolicyVersion version(ManagedPolicy policy, ManagedPolicy.Version version) {
    return PolicyVersion.builder()
        .versionId(version.id())
        .isDefaultVersion(version.id().equals(policy.defaultVersion()))
        .createDate(date(version.created()))
        .build();
  }

  public static AccessKeyMetadata key(AccessKey key) {
    return AccessKeyMetadata.builder()
        .userName(key.userName())
        .accessKeyId(key.id())
        .status(key.status())
        .createDate(date(key.created()))
        .build();
  }

  /** A profile with its role, as lists show it. */
  public static InstanceProfile profile(View view, AccountId account, StoredProfile profile) {
    String role = profile.role();
    return InstanceProfile.builder()
        .path(profile.path())
        .instanceProfileName(profile.name())
        .instanceProfileId(profile.id())
        .arn(profile.arn(account).toString())
        .createDate(date(profile.created()))
        .roles(
            role == null
                ? List.of()
                : Directory.find(view, account, EntityKind.ROLE, role).stream()
                    .map(entity -> role(view, account, (dev.holdfast.iam.model.Role) entity))
                    .toList())
        .build();
  }

  /** A profile with its role and tags. */
  public static InstanceProfile profileInFull(View view, AccountId account, StoredProfile profile) {
    return profile(view, account, profile).toBuilder()
        .tags(Taggings.shapes(Tags.of(view, account, profile.arn(account))))
        .build();
  }
}
