// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The tables of grants: they lie in the account of their key. */
public final class GrantTables {
  /** How many grants a key has at most, as on AWS. */
  public static final int MOST = 50_000;

  private static final int CHUNK = 100;

  /** A grant's place inside an account. */
  record Placed(Region region, String keyId, String id) {
    private static Placed of(Grant grant) {
      return new Placed(grant.region(), grant.keyId(), grant.id());
    }

    private List<String> segments() {
      return List.of(region.name(), keyId, id);
    }
  }

  /** How many grants a key has. */
  record Total(int grants) {}

  private static final String BY_GRANTEE = "by-grantee";
  private static final String BY_REQUEST = "by-request";
  private static final String BY_RETIRING = "by-retiring";

  static final Table<Placed, Grant> GRANTS =
      Table.of("kms-grants", Grant.class, Placed::segments)
          .index(BY_GRANTEE, GrantTables::uses)
          .index(
              BY_REQUEST,
              grant ->
                  grant.name().isEmpty()
                      ? List.of()
                      : List.of(List.of(grant.region().name(), grant.keyId(), grant.fingerprint())))
          .index(
              BY_RETIRING,
              grant ->
                  grant.retiring() == null
                      ? List.of()
                      : List.of(List.of(grant.region().name(), grant.retiring().arn())));

  static final Table<KmsTables.Named, Total> TOTALS =
      Table.of("kms-grant-totals", Total.class, KmsTables.Named::segments);

  private GrantTables() {}

  /** Each operation of a grant, under its grantee. */
  private static List<List<String>> uses(Grant grant) {
    return grant.operations().stream()
        .map(
            operation ->
                List.of(
                    grant.region().name(),
                    grant.keyId(),
                    grant.grantee().id().isEmpty() ? "-" : grant.grantee().id(),
                    operation))
        .toList();
  }

  public static @Nullable Grant grant(View view, KmsKey key, String id) {
    return view.get(GRANTS, key.account(), new Placed(key.region(), key.id(), id));
  }

  /** Some grants of a key, by id, after one of them. */
  public static List<Grant> grants(View view, KmsKey key, @Nullable String after, int limit) {
    return view.list(
        GRANTS,
        key.account(),
        List.of(key.region().name(), key.id()),
        after == null ? null : new Placed(key.region(), key.id(), after),
        limit);
  }

  /** The grant that an earlier request of the same name and content made. */
  public static Optional<Grant> same(View view, KmsKey key, Grant wanted) {
    return wanted.name().isEmpty()
        ? Optional.empty()
        : view
            .byIndex(
                GRANTS,
                key.account(),
                BY_REQUEST,
                key.region().name(),
                key.id(),
                wanted.fingerprint())
            .stream()
            .findFirst();
  }

  /** Some grants of an account's keys that somebody may retire, by key and id. */
  public static List<Grant> retirable(
      View view, AccountId account, Region region, String arn, @Nullable Place after, int limit) {
    List<String> looked = List.of(region.name(), arn);
    return view.byIndex(
        GRANTS,
        account,
        BY_RETIRING,
        looked,
        after == null
            ? null
            : new View.IndexEntry<>(looked, new Placed(region, after.keyId(), after.id())),
        limit);
  }

  /** Where a grant is in a listing over several keys. */
  public record Place(String keyId, String id) {}

  /**
   * The grants of a key by which somebody may do something: of each id one, since those of one id
   * name the same somebody.
   *
   * @param ids by which the caller is known, see {@link Grant.Party}
   * @param meant which grants speak for this very call
   */
  public static List<Grant> heard(
      View view, KmsKey key, List<String> ids, String operation, Predicate<Grant> meant) {
    // Most keys have none, which is one row that is kept; an index is read from the store each
    // time.
    return total(view, key) == 0
        ? List.of()
        : ids.stream().flatMap(id -> heard(view, key, id, operation, meant).stream()).toList();
  }

  private static Optional<Grant> heard(
      View view, KmsKey key, String id, String operation, Predicate<Grant> meant) {
    List<String> looked = List.of(key.region().name(), key.id(), id, operation);
    View.IndexEntry<Placed> after = null;
    List<Grant> chunk;
    do {
      chunk = view.byIndex(GRANTS, key.account(), BY_GRANTEE, looked, after, CHUNK);
      for (Grant grant : chunk) {
        if (meant.test(grant)) {
          return Optional.of(grant);
        }
        after = new View.IndexEntry<>(looked, Placed.of(grant));
      }
    } while (chunk.size() == CHUNK);
    return Optional.empty();
  }

  /** How many grants a key has. */
  public static int total(View view, KmsKey key) {
    Total total = view.get(TOTALS, key.account(), named(key));
    return total == null ? 0 : total.grants();
  }

  private static KmsTables.Named named(KmsKey key) {
    return new KmsTables.Named(key.region(), key.id());
  }

  /** Adds a grant of a fresh id. */
  public static void add(Tx tx, KmsKey key, Grant grant) {
    tx.put(GRANTS, key.account(), Placed.of(grant), grant);
    tx.put(TOTALS, key.account(), named(key), new Total(total(tx, key) + 1));
  }

  /** Removes a grant, which is there. */
  public static void delete(Tx tx, KmsKey key, Grant grant) {
    tx.delete(GRANTS, key.account(), Placed.of(grant));
    count(tx, key, total(tx, key) - 1);
  }

  private static void count(Tx tx, KmsKey key, int left) {
    if (left > 0) {
      tx.put(TOTALS, key.account(), named(key), new Total(left));
    } else {
      tx.delete(TOTALS, key.account(), named(key));
    }
  }

  /**
   * Removes some grants of a key that goes.
   *
   * @return whether it has none any more
   */
  public static boolean deleteSome(Tx tx, KmsKey key, int most) {
    List<Grant> some = new ArrayList<>(grants(tx, key, null, most));
    some.forEach(grant -> tx.delete(GRANTS, key.account(), Placed.of(grant)));
    int left = total(tx, key) - some.size();
    count(tx, key, left);
    return some.size() < most;
  }

  /** Shows every grant with the account of its key. */
  public static void eachGrant(View view, BiConsumer<AccountId, Grant> visitor) {
    view.eachRow(GRANTS, (account, _, grant) -> visitor.accept(account, grant));
  }

  /** Shows for which keys grants are counted, and how many. */
  public static void eachTotal(View view, TotalVisitor visitor) {
    view.eachRow(
        TOTALS,
        (account, key, total) -> visitor.total(account, key.get(0), key.get(1), total.grants()));
  }

  /** What is done with each number of grants. */
  @FunctionalInterface
  public interface TotalVisitor {
    /** Takes how many grants a key of an account and region has. */
    void total(AccountId account, String region, String keyId, int grants);
  }
}
