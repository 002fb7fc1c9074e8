// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.iam.IamError;
import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.Group;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.ManagedPolicy;
import dev.holdfast.iam.model.Role;
import dev.holdfast.iam.model.User;
import dev.holdfast.iam.plan.AwsPolicies;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.store.View;
import java.util.Optional;

/** Finds the entities and policies of an account. Names are matched exactly, paths included. */
public final class Directory {
  private Directory() {}

  public static Optional<Entity> find(View view, AccountId account, EntityKind kind, String name) {
    Entity entity = view.get(IamTables.ENTITIES, account, new Entity.Key(kind, name));
    return entity != null && entity.name().equals(name) ? Optional.of(entity) : Optional.empty();
  }

  /**
   * The entity.
   *
   * @throws dev.holdfast.aws.ApiError NoSuchEntity
   */
  public static Entity entity(View view, AccountId account, EntityKind kind, String name) {
    return find(view, account, kind, name).orElseThrow(() -> absent(kind, name));
  }

  static ApiError absent(EntityKind kind, String name) {
    return IamError.NO_SUCH_ENTITY.because(
        "The %s with name %s cannot be found.", kind.word(), name);
  }

  public static User user(View view, AccountId account, String name) {
    return (User) entity(view, account, EntityKind.USER, name);
  }

  public static Group group(View view, AccountId account, String name) {
    return (Group) entity(view, account, EntityKind.GROUP, name);
  }

  public static Role role(View view, AccountId account, String name) {
    return (Role) entity(view, account, EntityKind.ROLE, name);
  }

  /** The user or role that an ARN names. */
  public static Optional<Entity> byArn(View view, String text) {
    Arn arn = Arn.parse(text).orElse(null);
    AccountId account = arn == null ? null : AccountId.parse(arn.account()).orElse(null);
    if (arn == null || account == null || !arn.service().equals("iam")) {
      return Optional.empty();
    }
    String resource = arn.resource();
    String name = resource.substring(resource.lastIndexOf('/') + 1);
    EntityKind kind =
        resource.startsWith("user/")
            ? EntityKind.USER
            : resource.startsWith("role/") ? EntityKind.ROLE : null;
    return kind == null || name.isEmpty()
        ? Optional.empty()
        : find(view, account, kind, name)
            .filter(entity -> entity.arn(account).toString().equals(text));
  }

  /** The role that an ARN names. */
  public static Optional<Role> roleByArn(View view, String arn) {
    return byArn(view, arn).filter(Role.class::isInstance).map(Role.class::cast);
  }

  /** A managed policy, of the account itself or of AWS. */
  public static Optional<ManagedPolicy> policy(View view, AccountId account, String arn) {
    if (AwsPolicies.isAws(arn)) {
      return AwsPolicies.find(arn);
    }
    ManagedPolicy policy =
        view.get(IamTables.POLICIES, account, arn.substring(arn.lastIndexOf('/') + 1));
    return policy != null && policy.arn(account).toString().equals(arn)
        ? Optional.of(policy)
        : Optional.empty();
  }
}
