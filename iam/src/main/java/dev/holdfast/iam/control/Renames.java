// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.iam.IamError;
import dev.holdfast.iam.model.AccessKey;
import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.Group;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.User;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Tags;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Other names and paths for users and groups, which stay what they are: with their unique id, their
 * keys, policies, members and tags.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateUser.html">UpdateUser</a>
 */
public record Renames(IamState iam) {

  /** Leave is needed for what is there, and for what it is to be called. */
  public Access access(
      Call call,
      String action,
      EntityKind kind,
      String name,
      @Nullable String newPath,
      @Nullable String newName) {
    Demand before = iam.on(call, action, kind, name);
    return iam.state()
        .read(view -> Directory.find(view, call.account(), kind, name))
        .map(
            entity ->
                kind.arn(
                    call.account(),
                    Objects.requireNonNullElse(newPath, entity.path()),
                    Objects.requireNonNullElse(newName, entity.name())))
        .filter(after -> !after.toString().equals(before.resource()))
        .map(after -> Access.of(before).and(Demand.on("iam:" + action, after)))
        .orElse(Access.of(before));
  }

  public Empty user(Call call, String name, @Nullable String newPath, @Nullable String newName) {
    return iam.state()
        .commit(
            call,
            tx -> {
              User old = Directory.user(tx, call.account(), name);
              User renamed =
                  old.named(
                      Objects.requireNonNullElse(newName, old.name()),
                      Objects.requireNonNullElse(newPath, old.path()));
              replace(tx, call, old, renamed);
              for (AccessKey key : AccessKeys.of(tx, call.account(), old)) {
                tx.put(
                    IamTables.ACCESS_KEYS,
                    Table.PLATFORM,
                    key.id(),
                    key.of(renamed.name(), renamed.id()));
              }
              return new Empty();
            });
  }

  public Empty group(Call call, String name, @Nullable String newPath, @Nullable String newName) {
    return iam.state()
        .commit(
            call,
            tx -> {
              Group old = Directory.group(tx, call.account(), name);
              Group renamed =
                  old.named(
                      Objects.requireNonNullElse(newName, old.name()),
                      Objects.requireNonNullElse(newPath, old.path()));
              replace(tx, call, old, renamed);
              for (Entity member :
                  tx.byIndex(
                      IamTables.ENTITIES,
                      call.account(),
                      IamTables.MEMBERS,
                      Entity.fold(old.name()))) {
                User user = (User) member;
                IamState.put(tx, call, user.leaving(old.name()).joining(renamed.name()));
              }
              return new Empty();
            });
  }

  private static void replace(Tx tx, Call call, Entity old, Entity renamed) {
    var key = new Entity.Key(old.kind(), old.name());
    var other = new Entity.Key(renamed.kind(), renamed.name());
    boolean moves = !key.folded().equals(other.folded());
    if (moves && tx.get(IamTables.ENTITIES, call.account(), other) != null) {
      throw IamError.ENTITY_ALREADY_EXISTS.because(
          "%s with name %s already exists.", renamed.kind().title(), renamed.name());
    }
    Map<String, String> tags = Tags.of(tx, call.account(), old.arn(call.account()));
    Tags.delete(tx, call.account(), old.arn(call.account()));
    if (moves) {
      tx.delete(IamTables.ENTITIES, call.account(), key);
    }
    IamState.put(tx, call, renamed);
    Tags.add(tx, call.account(), renamed.arn(call.account()), tags);
  }
}
