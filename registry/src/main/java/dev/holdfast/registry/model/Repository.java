// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import java.time.Instant;
import java.util.List;

/**
 * A repository as it is stored.
 *
 * @param exclusions wildcard filters, such as {@code sha256-*}, for the mutabilities that exclude
 */
public record Repository(
    AccountId account,
    Region region,
    String name,
    Instant createdAt,
    TagMutability mutability,
    List<String> exclusions) {
  public Repository {
    exclusions = List.copyOf(exclusions);
  }

  public RepositoryId id() {
    return new RepositoryId(account, region, name);
  }

  public Repository withMutability(TagMutability newMutability, List<String> newExclusions) {
    return new Repository(account, region, name, createdAt, newMutability, newExclusions);
  }

  /** Whether a tag that exists must stay where it is. */
  public boolean freezes(String tag) {
    boolean excluded = exclusions.stream().anyMatch(filter -> matches(filter, tag));
    return switch (mutability) {
      case MUTABLE -> false;
      case IMMUTABLE -> true;
      case IMMUTABLE_WITH_EXCLUSION -> !excluded;
      case MUTABLE_WITH_EXCLUSION -> excluded;
    };
  }

  /** A filter matches the whole tag; {@code *} stands for any characters. */
  private static boolean matches(String filter, String tag) {
    int at = 0;
    int star = -1;
    int resume = 0;
    int i = 0;
    while (i < tag.length()) {
      if (at < filter.length() && filter.charAt(at) == '*') {
        star = at++;
        resume = i;
      } else if (at < filter.length() && filter.charAt(at) == tag.charAt(i)) {
        at++;
        i++;
      } else if (star >= 0) {
        at = star + 1;
        i = ++resume;
      } else {
        return false;
      }
    }
    while (at < filter.length() && filter.charAt(at) == '*') {
      at++;
    }
    return at == filter.length();
  }
}
