// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.Empty;
import dev.holdfast.aws.iam.IamError;
import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.Quota;
import dev.holdfast.iam.model.Role;
import dev.holdfast.iam.model.User;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Tags;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The life of users, groups and roles, as far as it is the same. */
public record Entities(IamState iam) {

  /** The ARN of an entity that must exist; for tags. */
  public static Function<View, Arn> arn(Call call, EntityKind kind, String name) {
    return view -> IamState.judged(view, call, kind, name).arn(call.account());
  }

  /**
   * Adds an entity, within a transaction.
   *
   * @throws dev.holdfast.aws.ApiError EntityAlreadyExists, LimitExceeded
   */
  public static void add(Tx tx, Call call, Entity entity, Map<String, String> tags) {
    var key = new Entity.Key(entity.kind(), entity.name());
    if (tx.get(IamTables.ENTITIES, call.account(), key) != null) {
      throw exists(entity);
    }
    Quotas.add(tx, call.account(), Quota.of(entity.kind()));
    IamState.put(tx, call, entity);
    Tags.add(tx, call.account(), entity.arn(call.account()), tags);
  }

  /**
   * Gives an entity another name or path, within a transaction; its tags go along.
   *
   * @throws dev.holdfast.aws.ApiError EntityAlreadyExists
   */
  public static void move(Tx tx, Call call, Entity from, Entity to) {
    var old = new Entity.Key(from.kind(), from.name());
    var key = new Entity.Key(to.kind(), to.name());
    if (!key.folded().equals(old.folded())
        && tx.get(IamTables.ENTITIES, call.account(), key) != null) {
      throw exists(to);
    }
    Map<String, String> tags = Tags.of(tx, call.account(), from.arn(call.account()));
    tx.delete(IamTables.ENTITIES, call.account(), old);
    IamState.put(tx, call, to);
    Tags.delete(tx, call.account(), from.arn(call.account()));
    Tags.add(tx, call.account(), to.arn(call.account()), tags);
  }

  private static ApiError exists(Entity entity) {
    return IamError.ENTITY_ALREADY_EXISTS.because(
        "%s with name %s already exists.", entity.kind().title(), entity.name());
  }

  /** What an action demands that moves an entity: the right to it here and there. */
  public static Access moving(
      Demand here, EntityKind kind, Call call, @Nullable String path, @Nullable String name) {
    String from = Arn.parse(here.resource()).map(Arn::resource).orElse("/");
    int slash = from.lastIndexOf('/');
    Arn there =
        kind.arn(
            call.account(),
            path == null ? from.substring(from.indexOf('/'), slash + 1) : path,
            name == null ? from.substring(slash + 1) : name);
    Access access = Access.of(here);
    return there.toString().equals(here.resource())
        ? access
        : access.and(Demand.on(here.action(), there));
  }

  /**
   * Removes an entity that holds nothing any more. Its sessions end with it, as their identity is
   * gone.
   *
   * @throws dev.holdfast.aws.ApiError DeleteConflict
   */
  public Empty delete(Call call, EntityKind kind, String name) {
    return iam.state()
        .commit(
            call,
            tx -> {
              Entity entity = LinkedRoles.changeable(IamState.judged(tx, call, kind, name));
              requireEmpty(tx, call, entity);
              Quotas.remove(tx, call.account(), Quota.of(kind));
              tx.delete(IamTables.ENTITIES, call.account(), new Entity.Key(kind, name));
              Tags.delete(tx, call.account(), entity.arn(call.account()));
              ServiceUses.forget(tx, call.account(), entity.id());
              return new Empty();
            });
  }

  private static void requireEmpty(Tx tx, Call call, Entity entity) {
    if (entity instanceof User user) {
      requireIf(user.groups().isEmpty(), "remove users from group first");
      requireIf(AccessKeys.of(tx, call.account(), user).isEmpty(), "delete access keys first");
      requireIf(
          tx.get(IamTables.LOGIN_PROFILES, call.account(), user.id()) == null,
          "delete login profile first");
      requireIf(MfaDevices.of(tx, call.account(), user.id()).isEmpty(), "delete MFA device first");
    }
    if (entity.kind() == EntityKind.GROUP) {
      boolean empty =
          tx.byIndex(
                  IamTables.ENTITIES, call.account(), IamTables.MEMBERS, Entity.fold(entity.name()))
              .isEmpty();
      requireIf(empty, "remove users from group first");
    }
    if (entity instanceof Role role) {
      requireIf(
          Profiles.of(tx, call.account(), role).isEmpty(),
          "remove roles from instance profile first");
    }
    requireIf(entity.grants().managed().isEmpty(), "detach all policies first");
    requireIf(entity.grants().inline().isEmpty(), "delete policies first");
  }

  private static void requireIf(boolean free, String what) {
    if (!free) {
      throw IamError.DELETE_CONFLICT.because("Cannot delete entity, must %s.", what);
    }
  }
}
