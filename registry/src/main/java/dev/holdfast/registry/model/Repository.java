// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A repository as it is stored.
 *
 * @param exclusions wildcard filters, such as {@code sha256-*}, for the mutabilities that exclude
 * @param policy the text of the repository's own policy, or null
 * @param principals the unique id that each ARN in that policy had when it was set
 * @param lifecycle which images are to expire, or null
 */
public record Repository(
    AccountId account,
    Region region,
    String name,
    Instant createdAt,
    TagMutability mutability,
    List<String> exclusions,
    @Nullable String policy,
    Map<String, String> principals,
    @Nullable Lifecycle lifecycle) {

  /**
   * Which images are to expire.
   *
   * @param text the lifecycle policy's
   * @param evaluated when it was last acted upon, or null
   */
  public record Lifecycle(String text, @Nullable Instant evaluated) {}

  public Repository {
    exclusions = List.copyOf(exclusions);
    principals = Collections.unmodifiableMap(new LinkedHashMap<>(principals));
  }

  /** A repository without policies. */
  public Repository(
      AccountId account,
      Region region,
      String name,
      Instant createdAt,
      TagMutability mutability,
      List<String> exclusions) {
    this(account, region, name, createdAt, mutability, exclusions, null, Map.of(), null);
  }

  public RepositoryId id() {
    return new RepositoryId(account, region, name);
  }

  public Repository withMutability(TagMutability newMutability, List<String> newExclusions) {
    return new Repository(
        account,
        region,
        name,
        createdAt,
        newMutability,
        newExclusions,
        policy,
        principals,
        lifecycle);
  }

  /** A copy under another policy, or under none. */
  public Repository under(@Nullable String text, Map<String, String> named) {
    return new Repository(
        account, region, name, createdAt, mutability, exclusions, text, named, lifecycle);
  }

  /** A copy whose images expire otherwise, or not. */
  public Repository with(@Nullable Lifecycle other) {
    return new Repository(
        account, region, name, createdAt, mutability, exclusions, policy, principals, other);
  }

  /** Whether a tag that exists must stay where it is. */
  public boolean freezes(String tag) {
    boolean excluded = exclusions.stream().anyMatch(filter -> Wildcards.matches(filter, tag));
    return switch (mutability) {
      case MUTABLE -> false;
      case IMMUTABLE -> true;
      case IMMUTABLE_WITH_EXCLUSION -> !excluded;
      case MUTABLE_WITH_EXCLUSION -> excluded;
    };
  }
}
