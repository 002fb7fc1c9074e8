// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The tables of KMS. */
public final class KmsTables {

  /** A row's key inside an account: a key's id or an alias's name, in its region. */
  public record Named(Region region, String name) {
    List<String> segments() {
      return List.of(region.name(), name);
    }
  }

  /** Whose key an id is. */
  private record KeyOwner(AccountId account) {}

  private static final Table<Named, KmsKey> KEYS =
      Table.of("kms-keys", KmsKey.class, Named::segments);

  private static final String BY_KEY = "by-key";

  private static final Table<Named, Alias> ALIASES =
      Table.of("kms-aliases", Alias.class, Named::segments)
          .index(BY_KEY, alias -> List.of(List.of(alias.region().name(), alias.keyId())));

  /** Finds the account of a key by its id alone, as a ciphertext names it. */
  private static final Table<Named, KeyOwner> OWNERS =
      Table.of("kms-key-owners", KeyOwner.class, Named::segments);

  private KmsTables() {}

  /** Every table of KMS. */
  public static List<Table<?, ?>> all() {
    return List.of(KEYS, ALIASES, OWNERS, GrantTables.GRANTS, GrantTables.TOTALS);
  }

  /** Shows every alias with its account. */
  public static void eachAlias(View view, BiConsumer<AccountId, Alias> visitor) {
    view.eachRow(ALIASES, (account, _, alias) -> visitor.accept(account, alias));
  }

  public static @Nullable KmsKey key(View view, AccountId account, Region region, String id) {
    return view.get(KEYS, account, new Named(region, id));
  }

  /** The key that an id names in a region, whosever it is. */
  public static @Nullable KmsKey anyonesKey(View view, Region region, String id) {
    KeyOwner owner = view.get(OWNERS, Table.PLATFORM, new Named(region, id));
    return owner == null ? null : key(view, owner.account(), region, id);
  }

  /** The keys of an account in a region, by id. */
  public static List<KmsKey> keys(View view, AccountId account, Region region) {
    return view.list(KEYS, account, region.name());
  }

  /** Some keys of an account in a region, by id, after one of them. */
  public static List<KmsKey> keys(
      View view, AccountId account, Region region, @Nullable String after, int limit) {
    return view.list(KEYS, account, List.of(region.name()), named(region, after), limit);
  }

  /** Some aliases of an account in a region, by name, after one of them. */
  public static List<Alias> aliases(
      View view, AccountId account, Region region, @Nullable String after, int limit) {
    return view.list(ALIASES, account, List.of(region.name()), named(region, after), limit);
  }

  private static @Nullable Named named(Region region, @Nullable String name) {
    return name == null ? null : new Named(region, name);
  }

  public static List<KmsKey> allKeys(View view) {
    return view.all(KEYS);
  }

  public static void put(Tx tx, KmsKey key) {
    var named = new Named(key.region(), key.id());
    tx.put(KEYS, key.account(), named, key);
    tx.put(OWNERS, Table.PLATFORM, named, new KeyOwner(key.account()));
  }

  public static void delete(Tx tx, KmsKey key) {
    var named = new Named(key.region(), key.id());
    for (Alias alias : aliases(tx, key)) {
      delete(tx, key.account(), alias);
    }
    tx.delete(KEYS, key.account(), named);
    tx.delete(OWNERS, Table.PLATFORM, named);
  }

  public static @Nullable Alias alias(View view, AccountId account, Region region, String name) {
    return view.get(ALIASES, account, new Named(region, name));
  }

  /** The aliases of an account in a region, by name. */
  public static List<Alias> aliases(View view, AccountId account, Region region) {
    return view.list(ALIASES, account, region.name());
  }

  /** The aliases of one key, by name. */
  public static List<Alias> aliases(View view, KmsKey key) {
    return view.byIndex(ALIASES, key.account(), BY_KEY, key.region().name(), key.id());
  }

  public static void put(Tx tx, AccountId account, Alias alias) {
    tx.put(ALIASES, account, new Named(alias.region(), alias.name()), alias);
  }

  public static void delete(Tx tx, AccountId account, Alias alias) {
    tx.delete(ALIASES, account, new Named(alias.region(), alias.name()));
  }
}
