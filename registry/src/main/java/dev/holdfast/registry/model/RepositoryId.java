// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Region;
import java.util.Optional;
import java.util.regex.Pattern;

/** What identifies a repository: an account's registry in a region, and a name in it. */
public record RepositoryId(AccountId account, Region region, String name) {
  private static final Pattern NAME =
      Pattern.compile(
          "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*");
  private static final String ARN_PREFIX = "repository/";

  /** Whether ECR takes a text as a repository's name. */
  public static boolean isName(String name) {
    return name.length() >= 2 && name.length() <= 256 && NAME.matcher(name).matches();
  }

  /**
   * The repository that a name in a registry path means: a first segment of twelve digits names an
   * account, else it is the caller's.
   */
  public static Optional<RepositoryId> addressed(String path, AccountId caller, Region region) {
    int slash = path.indexOf('/');
    Optional<AccountId> account =
        slash < 0 ? Optional.empty() : AccountId.parse(path.substring(0, slash));
    String name = account.isPresent() ? path.substring(slash + 1) : path;
    return isName(name)
        ? Optional.of(new RepositoryId(account.orElse(caller), region, name))
        : Optional.empty();
  }

  /** The repository that an ARN names. */
  public static Optional<RepositoryId> parse(String arn) {
    Arn parts = Arn.parse(arn).orElse(null);
    if (parts == null
        || !parts.service().equals("ecr")
        || !parts.resource().startsWith(ARN_PREFIX)) {
      return Optional.empty();
    }
    AccountId account = AccountId.parse(parts.account()).orElse(null);
    Region region = Region.parse(parts.region()).orElse(null);
    String name = parts.resource().substring(ARN_PREFIX.length());
    return account == null || region == null || !isName(name)
        ? Optional.empty()
        : Optional.of(new RepositoryId(account, region, name));
  }

  public Arn arn() {
    return Arn.of("ecr", region, account, ARN_PREFIX + name);
  }
}
