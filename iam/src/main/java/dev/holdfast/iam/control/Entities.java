// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.iam.IamError;
import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.Role;
import dev.holdfast.iam.model.User;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Call;
import dev.holdfast.service.Tags;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.util.Map;
import java.util.function.Function;

/** The life of users, groups and roles, as far as it is the same. */
public record Entities(IamState iam) {

  /** The ARN of an entity that must exist; for tags. */
  public static Function<View, Arn> arn(Call call, EntityKind kind, String name) {
    return view -> Directory.entity(view, call.account(), kind, name).arn(call.account());
  }

  /**
   * Adds an entity, within a transaction.
   *
   * @throws dev.holdfast.aws.ApiError EntityAlreadyExists
   */
  public static void add(Tx tx, Call call, Entity entity, Map<String, String> tags) {
    EntityKind kind = entity.kind();
    var key = new Entity.Key(kind, entity.name());
    if (tx.get(IamTables.ENTITIES, call.account(), key) != null) {
      throw IamError.ENTITY_ALREADY_EXISTS.because(
          "%s with name %s already exists.", kind.title(), entity.name());
    }
    IamState.put(tx, call, entity);
    Tags.add(tx, call.account(), entity.arn(call.account()), tags);
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
              Entity entity = Directory.entity(tx, call.account(), kind, name);
              requireEmpty(tx, call, entity);
              tx.delete(IamTables.ENTITIES, call.account(), new Entity.Key(kind, name));
              Tags.delete(tx, call.account(), entity.arn(call.account()));
              return new Empty();
            });
  }

  private static void requireEmpty(Tx tx, Call call, Entity entity) {
    if (entity instanceof User user) {
      requireIf(user.groups().isEmpty(), "remove users from group first");
      requireIf(AccessKeys.of(tx, call.account(), user).isEmpty(), "delete access keys first");
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
