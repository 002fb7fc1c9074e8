// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.aws.iam.IamError;
import dev.holdfast.iam.model.AccessKey;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.Revoked;
import dev.holdfast.iam.model.User;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Ids;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/** The long-term keys of users. */
public final class AccessKeys {
  private static final int SECRET_BYTES = 30;

  private AccessKeys() {}

  /** Draws a key that is nobody's yet. */
  public static AccessKey draw(AccountId account, RandomGenerator random, Instant now) {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    return new AccessKey(
        Ids.base32(random, "AKIA", 16),
        account,
        "",
        "",
        Base64.getEncoder().encodeToString(secret),
        true,
        now,
        false);
  }

  /** The keys of a user, oldest first. */
  public static List<AccessKey> of(View view, AccountId account, User user) {
    return view
        .byIndex(
            IamTables.ACCESS_KEYS, Table.PLATFORM, IamTables.OWNER, account.digits(), user.id())
        .stream()
        .sorted(Comparator.comparing(AccessKey::created).thenComparing(AccessKey::id))
        .toList();
  }

  /**
   * A key of a user.
   *
   * @throws dev.holdfast.aws.ApiError NoSuchEntity
   */
  public static AccessKey find(View view, AccountId account, User user, String id) {
    AccessKey key = view.get(IamTables.ACCESS_KEYS, Table.PLATFORM, id);
    if (key == null || !key.account().equals(account) || !key.userId().equals(user.id())) {
      throw IamError.NO_SUCH_ENTITY.because("The Access Key with id %s cannot be found.", id);
    }
    return key;
  }

  /**
   * Adds a drawn key.
   *
   * @throws dev.holdfast.aws.ApiError LimitExceeded
   */
  public static void add(Tx tx, AccountId account, User user, AccessKey key) {
    if (of(tx, account, user).size() >= AccessKey.MOST) {
      throw IamError.LIMIT_EXCEEDED.because(
          "Cannot exceed quota for AccessKeysPerUser: %d", AccessKey.MOST);
    }
    put(tx, key);
  }

  public static void put(Tx tx, AccessKey key) {
    tx.put(IamTables.ACCESS_KEYS, Table.PLATFORM, key.id(), key);
  }

  /**
   * Deletes a key; the sessions that its user opened with it end too, those that are being opened
   * among them: its id never comes again.
   *
   * @param now of the commit, not of the call, which may have waited
   */
  public static void delete(Tx tx, AccessKey key, Instant now) {
    tx.delete(IamTables.ACCESS_KEYS, Table.PLATFORM, key.id());
    Revoked.forGood(tx, key.account(), Revoked.family(key.id()), now);
  }

  /**
   * Ends the sessions that a user opened for itself, or for a federated user, with a key, and those
   * that calls open with it which are under way.
   *
   * @param now of the commit, not of the call, which may have waited
   */
  public static void endSessions(Tx tx, AccessKey key, Instant now) {
    Revoked.all(tx, key.account(), Revoked.family(key.id()), now.plus(Revoked.UNDER_WAY));
  }
}
