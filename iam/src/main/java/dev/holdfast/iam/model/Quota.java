// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.model;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * How many of something there may be; the operator may set another number than AWS's.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html">Quotas
 *     of IAM</a>
 */
public enum Quota {
  USERS("UsersPerAccount", "UsersQuota", 5_000, 100_000),
  GROUPS("GroupsPerAccount", "GroupsQuota", 300, 10_000),
  ROLES("RolesPerAccount", "RolesQuota", 1_000, 200_000),
  POLICIES("PoliciesPerAccount", "PoliciesQuota", 1_500, 100_000),
  INSTANCE_PROFILES("InstanceProfilesPerAccount", "InstanceProfilesQuota", 1_000, 100_000),
  GROUPS_PER_USER("GroupsPerUser", "GroupsPerUserQuota", 10, 50),
  POLICIES_PER_USER("PoliciesPerUser", "AttachedPoliciesPerUserQuota", 10, 25),
  POLICIES_PER_GROUP("PoliciesPerGroup", "AttachedPoliciesPerGroupQuota", 10, 25),
  POLICIES_PER_ROLE("PoliciesPerRole", "AttachedPoliciesPerRoleQuota", 10, 25);

  private final String title;
  private final String summary;
  private final int usual;
  private final int highest;

  Quota(String title, String summary, int usual, int highest) {
    this.title = title;
    this.summary = summary;
    this.usual = usual;
    this.highest = highest;
  }

  /** The name in errors. */
  public String title() {
    return title;
  }

  /** The name in {@code GetAccountSummary}. */
  public String summary() {
    return summary;
  }

  /** AWS's number, which holds where no other is set. */
  public int usual() {
    return usual;
  }

  /** The most that may be set. */
  public int highest() {
    return highest;
  }

  /** The quota of entities of a kind in an account. */
  public static Quota of(EntityKind kind) {
    return switch (kind) {
      case USER -> USERS;
      case GROUP -> GROUPS;
      case ROLE -> ROLES;
    };
  }

  /** The quota of policies that are attached to an entity of a kind. */
  public static Quota attached(EntityKind kind) {
    return switch (kind) {
      case USER -> POLICIES_PER_USER;
      case GROUP -> POLICIES_PER_GROUP;
      case ROLE -> POLICIES_PER_ROLE;
    };
  }

  /** The quota of a title. */
  public static Optional<Quota> named(String title) {
    return Stream.of(values()).filter(quota -> quota.title.equals(title)).findFirst();
  }

  /**
   * A number that the operator set.
   *
   * @param title of the quota
   */
  public record Set(String title, int most) {}

  /**
   * How many of something an account has.
   *
   * @param title of the quota that it counts for
   */
  public record Count(String title, int number) {}
}
