// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.secrets.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The tables of Secrets Manager: secrets by name, and the sealed value of each version. */
public final class SecretTables {

  /** A secret's place. */
  public record Named(Region region, String name) {
    private List<String> segments() {
      return List.of(region.name(), name);
    }
  }

  private record Versioned(Region region, String name, String version) {
    private List<String> segments() {
      return List.of(region.name(), name, version);
    }
  }

  private static final Table<Named, StoredSecret> SECRETS =
      Table.of("secrets", StoredSecret.class, Named::segments);

  private static final Table<Versioned, SealedValue> VALUES =
      Table.of("secret-values", SealedValue.class, Versioned::segments);

  private SecretTables() {}

  /** Every table of Secrets Manager. */
  public static List<Table<?, ?>> all() {
    return List.of(SECRETS, VALUES);
  }

  public static @Nullable StoredSecret secret(
      View view, AccountId account, Region region, String name) {
    return view.get(SECRETS, account, new Named(region, name));
  }

  /** Some secrets of an account in a region by name, after one of them. */
  public static List<StoredSecret> secrets(
      View view, AccountId account, Region region, @Nullable String after, int limit) {
    return view.list(
        SECRETS,
        account,
        List.of(region.name()),
        after == null ? null : new Named(region, after),
        limit);
  }

  /** All secrets of an account in a region, by name. */
  public static List<StoredSecret> secrets(View view, AccountId account, Region region) {
    return view.list(SECRETS, account, region.name());
  }

  /** Shows every secret of all accounts. */
  public static void each(View view, Consumer<StoredSecret> visitor) {
    view.each(SECRETS, visitor);
  }

  /** Shows the place of every value: its account, and its region, secret and version. */
  public static void eachValue(View view, View.Visitor<SealedValue> visitor) {
    view.eachRow(VALUES, visitor);
  }

  public static @Nullable SealedValue value(View view, StoredSecret secret, String version) {
    return view.get(
        VALUES, secret.account(), new Versioned(secret.region(), secret.name(), version));
  }

  public static void put(Tx tx, StoredSecret secret) {
    tx.put(SECRETS, secret.account(), new Named(secret.region(), secret.name()), secret);
  }

  public static void put(Tx tx, StoredSecret secret, String version, SealedValue value) {
    tx.put(VALUES, secret.account(), new Versioned(secret.region(), secret.name(), version), value);
  }

  /** Removes the value of a version that is no longer kept. */
  public static void deleteValue(Tx tx, StoredSecret secret, String version) {
    tx.delete(VALUES, secret.account(), new Versioned(secret.region(), secret.name(), version));
  }

  /** Removes a secret with all its values. */
  public static void delete(Tx tx, StoredSecret secret) {
    secret.versions().forEach(version -> deleteValue(tx, secret, version.id()));
    tx.delete(SECRETS, secret.account(), new Named(secret.region(), secret.name()));
  }
}
