// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.model;

import dev.holdfast.iam.model.SessionFacts.Owner;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Hashes;
import dev.holdfast.service.Principal;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions were taken back. Under an account: by a session's id, by the unique id of a user
 * or role, by the long-term key of a user's own sessions. Under the platform: by the temporary key,
 * by the {@code aws:userid}, and by the long-term key that sessions of roles descend from, which
 * may be another account's.
 */
public final class Revoked {
  /** The longest session there is: that of a user's own session token. */
  public static final Duration LONGEST = Duration.ofHours(36);

  /** A session from further ahead was issued while the clock was wrong, and is refused anyway. */
  public static final Duration AHEAD = Duration.ofDays(1);

  /** How long a call may take that was let in and opens a session. */
  public static final Duration UNDER_WAY = Duration.ofSeconds(15);

  private static final int FAMILY = 16;

  private Revoked() {}

  /** What the ids of all sessions begin with that a long-term key opened. */
  public static String family(String accessKeyId) {
    return Hashes.sha256Hex(accessKeyId).substring(0, FAMILY);
  }

  /**
   * What the id of a session of a role begins with: it descends from the long-term key that its
   * opener's credentials descend from, or from the session that began the chain.
   */
  public static String family(Principal opener) {
    Principal.Session session = opener.session();
    return session == null ? family(opener.accessKeyId()) : session.id().substring(0, FAMILY);
  }

  private static void put(Tx tx, AccountId account, String of, Instant before, Instant until) {
    tx.put(IamTables.REVOCATIONS, account, of, new Revocation(of, before, until));
  }

  /** Ends one session. */
  public static void session(Tx tx, AccountId account, String sessionId, Instant now) {
    put(tx, account, sessionId, now, now.plus(LONGEST));
  }

  /** Ends every session of a user, role or long-term key that was issued before an instant. */
  public static void all(Tx tx, AccountId account, String uniqueId, Instant before) {
    put(tx, account, uniqueId, before, before.plus(LONGEST));
  }

  /** Ends every session of a long-term key that never comes again, whenever it was issued. */
  public static void forGood(Tx tx, AccountId account, String family, Instant now) {
    Instant end = now.plus(LONGEST).plus(UNDER_WAY);
    put(tx, account, family, end, end);
  }

  /** Ends every session of roles that descends from a long-term key, wherever the roles are. */
  public static void lineage(Tx tx, String accessKeyId, Instant now) {
    named(tx, lineage(family(accessKeyId)), now.plus(UNDER_WAY));
  }

  private static String lineage(String family) {
    return "lineage " + family;
  }

  /**
   * Ends the session of a temporary key, which never comes again, whenever it was issued: a clock
   * that was ahead may have dated it later than now.
   */
  public static void temporary(Tx tx, String accessKeyId, Instant now) {
    Instant end = now.plus(LONGEST).plus(AHEAD);
    put(tx, Table.PLATFORM, accessKeyId, end, end);
  }

  /** Ends the sessions of an {@code aws:userid}, or of a lineage, from before an instant. */
  public static void named(Tx tx, String name, Instant before) {
    put(tx, Table.PLATFORM, name, before, before.plus(LONGEST));
  }

  /** Whether a session was taken back. */
  public static boolean holds(
      View view, Owner owner, String accessKeyId, String name, String id, Instant issued) {
    AccountId account = owner.account();
    if (view.get(IamTables.REVOCATIONS, account, id) != null) {
      return true;
    }
    boolean role = owner.kind() == Principal.Kind.ROLE;
    String family = id.substring(0, FAMILY);
    String userId = (role ? owner.uniqueId() : account.digits()) + ":" + name;
    return before(view, account, owner.uniqueId(), issued)
        || before(view, Table.PLATFORM, accessKeyId, issued)
        || (!name.isEmpty() && before(view, Table.PLATFORM, userId, issued))
        || (role
            ? before(view, Table.PLATFORM, lineage(family), issued)
            : before(view, account, family, issued));
  }

  private static boolean before(View view, AccountId account, String of, Instant issued) {
    @Nullable Revocation revoked = view.get(IamTables.REVOCATIONS, account, of);
    return revoked != null && issued.isBefore(revoked.notBefore());
  }
}
