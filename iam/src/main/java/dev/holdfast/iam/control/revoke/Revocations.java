// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control.revoke;

import dev.holdfast.iam.control.AccessKeys;
import dev.holdfast.iam.control.Directory;
import dev.holdfast.iam.model.AccessKey;
import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.Revoked;
import dev.holdfast.iam.model.Role;
import dev.holdfast.iam.model.User;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Call;
import dev.holdfast.service.State;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Takes credentials back at once, for whoever operates the machine: the very next request with them
 * is refused, at the API and at the registry.
 */
public record Revocations(State state, InstantSource clock) {
  private static final String SESSION = "assumed-role/";
  private static final String FEDERATED = "federated-user/";

  /**
   * What was taken back.
   *
   * @param what in words
   * @param inactive the long-term keys that were made inactive
   */
  public record Taken(String what, List<String> inactive) {
    public Taken {
      inactive = List.copyOf(inactive);
    }
  }

  /**
   * Revokes what somebody names: a user with its keys, the sessions of a role, the sessions of one
   * name, a long-term key with what was opened by it, or the one session of a temporary key.
   *
   * @param account whose users and roles are named without an ARN
   * @param named an ARN, {@code user/NAME}, {@code role/NAME}, a name that only one of the two has,
   *     or an access key's id
   * @throws IllegalArgumentException with what is wrong, in words
   */
  public Taken revoke(Call call, AccountId account, String named) {
    return state.commit(call, tx -> revoke(tx, account, named, clock.instant()));
  }

  private static Taken revoke(Tx tx, AccountId account, String named, Instant now) {
    if (named.matches("ASIA[A-Z0-9]{12,28}")) {
      Revoked.temporary(tx, named, now);
      return new Taken("the session of the key " + named, List.of());
    }
    if (named.matches("AKIA[A-Z0-9]{12,28}")) {
      AccessKey key = tx.get(IamTables.ACCESS_KEYS, Table.PLATFORM, named);
      if (key == null) {
        // One that was deleted may have opened sessions of roles, which go on.
        Revoked.lineage(tx, named, now);
        return new Taken(
            "sessions of roles that were opened with %s, which is no key now".formatted(named),
            List.of());
      }
      end(tx, key, now);
      return new Taken(
          "the key %s of the user %s, and every session that was opened with it"
              .formatted(key.id(), key.userName()),
          List.of(key.id()));
    }
    Optional<Arn> arn = Arn.parse(named);
    if (arn.isPresent() && arn.get().service().equals("sts")) {
      return session(tx, arn.get(), now);
    }
    Entity entity = entity(tx, account, arn, named);
    AccountId owner = arn.map(a -> new AccountId(a.account())).orElse(account);
    return switch (entity) {
      case User user -> user(tx, owner, user, now);
      case Role role -> {
        Revoked.all(tx, owner, role.id(), now);
        yield new Taken("every session of the role " + role.arn(owner), List.of());
      }
      default -> throw new IllegalArgumentException("`" + named + "` has no sessions");
    };
  }

  /** A key that is revoked is inactive, so that it opens no other sessions. */
  private static void end(Tx tx, AccessKey key, Instant now) {
    AccessKeys.put(tx, key.with(false));
    AccessKeys.endSessions(tx, key, now);
    Revoked.lineage(tx, key.id(), now);
  }

  private static Taken user(Tx tx, AccountId account, User user, Instant now) {
    List<AccessKey> keys = AccessKeys.of(tx, account, user);
    keys.forEach(key -> end(tx, key, now));
    Revoked.all(tx, account, user.id(), now.plus(Revoked.UNDER_WAY));
    return new Taken(
        "the user %s: its keys, and every session that was opened with them"
            .formatted(user.arn(account)),
        keys.stream().filter(AccessKey::active).map(AccessKey::id).toList());
  }

  private static Taken session(Tx tx, Arn arn, Instant now) {
    AccountId account =
        AccountId.parse(arn.account())
            .orElseThrow(() -> new IllegalArgumentException("`" + arn + "` names no account"));
    String resource = arn.resource();
    String[] parts = resource.split("/", -1);
    if (resource.startsWith(SESSION) && parts.length == 3) {
      Entity role =
          Directory.find(tx, account, EntityKind.ROLE, parts[1])
              .orElseThrow(
                  () -> new IllegalArgumentException("there is no role `" + parts[1] + "`"));
      Revoked.named(tx, role.id() + ":" + parts[2], now);
    } else if (resource.startsWith(FEDERATED) && parts.length == 2) {
      Revoked.named(tx, account + ":" + parts[1], now);
    } else {
      throw new IllegalArgumentException("`" + arn + "` is no session");
    }
    return new Taken("every session " + arn, List.of());
  }

  private static Entity entity(Tx tx, AccountId account, Optional<Arn> arn, String named) {
    if (arn.isPresent()) {
      return Directory.byArn(tx, named)
          .orElseThrow(() -> new IllegalArgumentException("there is no `" + named + "`"));
    }
    Optional<Entity> user = Optional.empty();
    Optional<Entity> role = Optional.empty();
    if (!named.startsWith("role/")) {
      user = Directory.find(tx, account, EntityKind.USER, bare(named, "user/"));
    }
    if (!named.startsWith("user/")) {
      role = Directory.find(tx, account, EntityKind.ROLE, bare(named, "role/"));
    }
    if (user.isPresent() && role.isPresent()) {
      throw new IllegalArgumentException(
          "there are both a user and a role `%s`: name user/%s or role/%s"
              .formatted(named, named, named));
    }
    Optional<Entity> found = user.isPresent() ? user : role;
    return found.orElseThrow(
        () ->
            new IllegalArgumentException(
                "there is no user or role `"
                    + named
                    + "`; an ARN of a session or the id of a key are understood too"));
  }

  private static String bare(String named, String prefix) {
    return named.startsWith(prefix) ? named.substring(prefix.length()) : named;
  }
}
