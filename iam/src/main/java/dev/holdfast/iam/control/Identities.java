// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.SessionFacts.Owner;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Principal;
import dev.holdfast.service.Principal.Identity;
import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Finds the identity that credentials belong to, as it is now. */
public final class Identities {
  private Identities() {}

  /** The identity, or empty where the user or role is gone or has been made anew. */
  static Optional<Identity> of(View view, Owner owner) {
    return switch (owner.kind()) {
      case ROOT ->
          Optional.of(
              new Identity(
                  Principal.Kind.ROOT,
                  owner.account(),
                  owner.account().digits(),
                  "root",
                  Arn.global("iam", owner.account(), "root")));
      case USER -> entity(view, owner, EntityKind.USER);
      case ROLE -> entity(view, owner, EntityKind.ROLE);
      case WEB_IDENTITY -> Optional.empty(); // it has no credentials of ours
    };
  }

  /** Session tags replace the entity's tags of the same key, whatever its case. */
  static Map<String, String> overlay(Map<String, String> tags, Map<String, String> over) {
    var all = new LinkedHashMap<>(tags);
    for (String key : over.keySet()) {
      all.keySet().removeIf(key::equalsIgnoreCase);
    }
    all.putAll(over);
    return all;
  }

  private static Optional<Identity> entity(View view, Owner owner, EntityKind kind) {
    Optional<Entity> entity = Directory.find(view, owner.account(), kind, owner.name());
    return entity
        .filter(e -> e.id().equals(owner.uniqueId()))
        .map(
            e ->
                new Identity(
                    owner.kind(), owner.account(), e.id(), e.name(), e.arn(owner.account())));
  }

  /**
   * The unique id of whom an ARN names now.
   *
   * @param principal an account's root, a user, a role, or a session of a role or of a user
   * @return the account's digits, {@code AIDA...}, {@code AROA...}, or the latter two with the
   *     session's name behind them; empty where there is nobody of that name
   */
  public static Optional<String> uniqueId(View view, Arn principal) {
    AccountId account = AccountId.parse(principal.account()).orElse(null);
    if (account == null || view.get(IamTables.ACCOUNTS, Table.PLATFORM, account) == null) {
      return Optional.empty();
    }
    String resource = principal.resource();
    if (principal.service().equals("iam")) {
      return resource.equals("root")
          ? Optional.of(account.digits())
          : Directory.byArn(view, principal.toString()).map(Entity::id);
    }
    String[] parts = resource.split("/", -1);
    return principal.service().equals("sts") && parts.length == 3 && parts[0].equals("assumed-role")
        ? Directory.find(view, account, EntityKind.ROLE, parts[1])
            .map(role -> role.id() + ":" + parts[2])
        : Optional.empty();
  }
}
