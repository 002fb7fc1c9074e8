// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.plan;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Region;
import dev.holdfast.kms.model.Alias;
import dev.holdfast.kms.model.KmsKey;
import java.util.Optional;
import java.util.regex.Pattern;

/** A key as a request names it: by id, key ARN, alias name or alias ARN. */
public sealed interface KeyRef {
  Pattern ID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  AccountId account();

  Arn arn();

  /** By its id. */
  record ById(AccountId account, Region region, String id) implements KeyRef {
    @Override
    public Arn arn() {
      return KmsKey.arn(account, region, id);
    }
  }

  /** By an alias, with its prefix. */
  record ByAlias(AccountId account, Region region, String name) implements KeyRef {
    @Override
    public Arn arn() {
      return Alias.arn(account, region, name);
    }
  }

  /**
   * Reads a reference.
   *
   * @param account whose names are meant where no ARN says otherwise
   * @throws IllegalArgumentException where the text names no key of the region, in AWS's words
   */
  static KeyRef parse(AccountId account, Region region, String text) {
    if (!text.startsWith("arn:")) {
      return named(account, region, text, text);
    }
    Optional<Arn> arn = Arn.parse(text).filter(a -> a.service().equals("kms"));
    Optional<AccountId> owner = arn.flatMap(a -> AccountId.parse(a.account()));
    if (arn.isEmpty() || owner.isEmpty()) {
      throw new IllegalArgumentException("Invalid arn " + text);
    }
    if (!arn.get().region().equals(region.name())) {
      throw new IllegalArgumentException("Invalid arn " + arn.get().region());
    }
    String resource = arn.get().resource();
    String name = resource.startsWith("key/") ? resource.substring(4) : resource;
    if (!resource.startsWith("key/") && !resource.startsWith(Alias.PREFIX)) {
      throw new IllegalArgumentException("Invalid arn " + text);
    }
    return named(owner.get(), region, name, text);
  }

  private static KeyRef named(AccountId account, Region region, String name, String text) {
    if (name.startsWith(Alias.PREFIX)) {
      return new ByAlias(account, region, name);
    }
    if (ID.matcher(name).matches()) {
      return new ById(account, region, name);
    }
    throw new IllegalArgumentException("Invalid keyId '" + text + "'");
  }
}
