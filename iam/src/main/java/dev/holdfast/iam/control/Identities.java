// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.SessionFacts.Owner;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Principal;
import dev.holdfast.service.Principal.Identity;
import dev.holdfast.store.View;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Finds the identity that credentials belong to, as it is now. */
final class Identities {
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
}
