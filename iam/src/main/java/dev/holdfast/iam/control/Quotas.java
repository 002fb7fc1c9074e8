// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.aws.iam.IamError;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.Quota;
import dev.holdfast.kit.AccountId;
import dev.holdfast.service.Call;
import dev.holdfast.service.State;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.util.EnumMap;
import java.util.Map;

/**
 * How many users, groups, roles, policies and instance profiles an account has and may have. The
 * numbers are kept in the commits that change them, as an account may have very many; where none is
 * kept yet, as in a fresh account, it is counted.
 */
public final class Quotas {
  private Quotas() {}

  /** What may be. */
  public static int most(View view, Quota quota) {
    Quota.Set set = view.get(IamTables.QUOTAS, Table.PLATFORM, quota.title());
    return set == null ? quota.usual() : set.most();
  }

  /**
   * Refuses what would be too much.
   *
   * @param number that there would be
   * @throws dev.holdfast.aws.ApiError LimitExceeded
   */
  public static void require(View view, Quota quota, int number) {
    int most = most(view, quota);
    if (number > most) {
      throw IamError.LIMIT_EXCEEDED.because("Cannot exceed quota for %s: %d", quota.title(), most);
    }
  }

  /** How many an account has. */
  public static int count(View view, AccountId account, Quota quota) {
    Quota.Count kept = view.get(IamTables.COUNTS, account, quota.title());
    return kept == null ? counted(view, account, quota) : kept.number();
  }

  /** How many there are, one by one. */
  public static int counted(View view, AccountId account, Quota quota) {
    return switch (quota) {
      case USERS -> entities(view, account, EntityKind.USER);
      case GROUPS -> entities(view, account, EntityKind.GROUP);
      case ROLES -> entities(view, account, EntityKind.ROLE);
      case POLICIES -> view.list(IamTables.POLICIES, account).size();
      case INSTANCE_PROFILES -> view.list(IamTables.PROFILES, account).size();
      case GROUPS_PER_USER, POLICIES_PER_USER, POLICIES_PER_GROUP, POLICIES_PER_ROLE ->
          throw new IllegalArgumentException(quota + " is not of an account");
    };
  }

  private static int entities(View view, AccountId account, EntityKind kind) {
    return view.list(IamTables.ENTITIES, account, kind.word()).size();
  }

  /**
   * Counts one more, before it is added.
   *
   * @throws dev.holdfast.aws.ApiError LimitExceeded
   */
  static void add(Tx tx, AccountId account, Quota quota) {
    int number = count(tx, account, quota) + 1;
    require(tx, quota, number);
    put(tx, account, quota, number);
  }

  /** Counts one more that no quota keeps out, before it is added. */
  static void addOwn(Tx tx, AccountId account, Quota quota) {
    put(tx, account, quota, count(tx, account, quota) + 1);
  }

  /** Counts one less, before it is deleted. */
  static void remove(Tx tx, AccountId account, Quota quota) {
    put(tx, account, quota, Math.max(0, count(tx, account, quota) - 1));
  }

  private static void put(Tx tx, AccountId account, Quota quota, int number) {
    tx.put(IamTables.COUNTS, account, quota.title(), new Quota.Count(quota.title(), number));
  }

  /** Every quota, as it holds. */
  public static Map<Quota, Integer> all(State state) {
    return state.read(
        view -> {
          var all = new EnumMap<Quota, Integer>(Quota.class);
          for (Quota quota : Quota.values()) {
            all.put(quota, most(view, quota));
          }
          return all;
        });
  }

  /** Sets what may be from now on; what is there already stays. */
  public static void set(State state, Call call, Quota quota, int most) {
    if (most < 1 || most > quota.highest()) {
      throw new IllegalArgumentException(
          quota.title() + " is a number from 1 to " + quota.highest());
    }
    int _ =
        state.commit(
            call,
            tx -> {
              if (most == quota.usual()) {
                tx.delete(IamTables.QUOTAS, Table.PLATFORM, quota.title());
              } else {
                tx.put(
                    IamTables.QUOTAS,
                    Table.PLATFORM,
                    quota.title(),
                    new Quota.Set(quota.title(), most));
              }
              return most;
            });
  }
}
