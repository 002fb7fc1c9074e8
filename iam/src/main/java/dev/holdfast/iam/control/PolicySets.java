// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.Role;
import dev.holdfast.iam.model.User;
import dev.holdfast.iam.plan.Documents;
import dev.holdfast.kit.AccountId;
import dev.holdfast.policy.NamedPolicy;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.policy.PolicyDocument.Kind;
import dev.holdfast.service.Principal;
import dev.holdfast.store.View;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the policies that speak for and against a principal. */
public final class PolicySets {
  /** Trusts nobody who could ever call: what an unknown role is judged by. */
  private static final String NOBODY =
      """
      {"Version":"2012-10-17","Statement":{"Effect":"Allow",\
      "Principal":{"Service":"nobody.invalid"},"Action":"sts:AssumeRole"}}\
      """;

  /** Denies whatever is asked. */
  private static final String NOTHING =
      """
      {"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}\
      """;

  /** What the root user may. */
  private static final String EVERYTHING =
      """
      {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}\
      """;

  private final Documents documents;

  public PolicySets(Documents documents) {
    this.documents = documents;
  }

  /**
   * The policies of a user and its groups, or of a role; empty for an identity that is gone, so
   * that nothing allows it anything.
   */
  public List<NamedPolicy> identity(View view, Principal.Identity identity) {
    var found = new ArrayList<NamedPolicy>();
    Entity entity = entity(view, identity);
    if (entity != null) {
      collect(view, identity.account(), entity, found);
      if (entity instanceof User user) {
        for (String group : user.groups()) {
          Directory.find(view, identity.account(), EntityKind.GROUP, group)
              .ifPresent(g -> collect(view, identity.account(), g, found));
        }
      }
    }
    return found;
  }

  /**
   * The policies that speak for a principal: of its identity, and for a federated user of the root
   * user those of one who may do everything, which its session policies limit.
   */
  List<NamedPolicy> identity(View view, Principal principal) {
    return principal.identity().kind() == Principal.Kind.ROOT && principal.federatedName() != null
        ? List.of(new NamedPolicy("root", documents.compiled(EVERYTHING, Kind.IDENTITY)))
        : identity(view, principal.identity());
  }

  /** The entity behind an identity, or null where it is gone or is another by now. */
  public static @Nullable Entity entity(View view, Principal.Identity identity) {
    EntityKind kind =
        switch (identity.kind()) {
          case ROOT, WEB_IDENTITY -> null;
          case USER -> EntityKind.USER;
          case ROLE -> EntityKind.ROLE;
        };
    return kind == null
        ? null
        : Directory.find(view, identity.account(), kind, identity.name())
            .filter(entity -> entity.id().equals(identity.uniqueId()))
            .orElse(null);
  }

  private void collect(View view, AccountId account, Entity entity, List<NamedPolicy> found) {
    entity
        .grants()
        .inline()
        .forEach(
            (name, text) ->
                found.add(
                    new NamedPolicy(
                        inline(name, entity), documents.compiled(text, Kind.IDENTITY))));
    entity.grants().managed().forEach(arn -> managed(view, account, arn, found));
  }

  /** An inline policy has no name of its own outside of whom it is in. */
  private static String inline(String name, Entity holder) {
    return name + " (inline, of the " + holder.kind().word() + " " + holder.name() + ")";
  }

  private void managed(View view, AccountId account, String arn, List<NamedPolicy> found) {
    Directory.policy(view, account, arn)
        .ifPresent(
            policy ->
                found.add(
                    new NamedPolicy(
                        arn, documents.compiled(policy.inForce().document(), Kind.IDENTITY))));
  }

  /**
   * The boundary of a user or role, or null where it has none. A boundary that cannot be found
   * allows nothing.
   */
  public @Nullable NamedPolicy boundary(View view, Principal.Identity identity) {
    Entity entity = entity(view, identity);
    String arn = entity == null ? null : entity.grants().boundary();
    if (arn == null) {
      return null;
    }
    return limit(view, identity.account(), arn);
  }

  private NamedPolicy limit(View view, AccountId account, String arn) {
    return new NamedPolicy(arn, documents.compiled(limiting(view, account, arn), Kind.IDENTITY));
  }

  /** The document of a policy that limits; one that cannot be found allows nothing. */
  static String limiting(View view, AccountId account, String arn) {
    return Directory.policy(view, account, arn)
        .map(policy -> policy.inForce().document())
        .orElse(NOTHING);
  }

  /**
   * The policies that limit a session, or null where it has none. With one that was deleted it may
   * do nothing: nobody knows what that one denied.
   */
  public @Nullable List<NamedPolicy> session(View view, Principal principal) {
    Principal.Session session = principal.session();
    if (session == null || (session.policy() == null && session.policyArns().isEmpty())) {
      return null;
    }
    var found = new ArrayList<NamedPolicy>();
    if (session.policy() != null) {
      found.add(
          new NamedPolicy("session policy", documents.compiled(session.policy(), Kind.SESSION)));
    }
    session.policyArns().forEach(arn -> found.add(limit(view, principal.account(), arn)));
    return found;
  }

  /** The trust policy of a role; of a role that there is not, one that trusts nobody. */
  public NamedPolicy trust(@Nullable Role role) {
    PolicyDocument document =
        documents.compiled(role == null ? NOBODY : role.trust().saved(), Kind.TRUST);
    return new NamedPolicy("trust policy", document);
  }

  /** The trust policy of a role as a request names it. */
  public NamedPolicy trust(View view, String roleArn) {
    return trust(Directory.roleByArn(view, roleArn).orElse(null));
  }
}
