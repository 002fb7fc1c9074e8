// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.aws.iam.IamError;
import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.Grants;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.Quota;
import dev.holdfast.iam.model.Role;
import dev.holdfast.iam.model.RoleDeletion;
import dev.holdfast.iam.model.Trust;
import dev.holdfast.iam.plan.LinkedService;
import dev.holdfast.iam.port.RoleUses;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Ids;
import dev.holdfast.service.Call;
import dev.holdfast.service.Tags;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The roles of services: made and deleted here alone, changed by nobody. */
public record LinkedRoles(IamState iam, RoleUses uses) {
  private static final int SESSION = 3_600;

  /** The ARN of a service's role. */
  public static Arn arn(AccountId account, LinkedService service) {
    return EntityKind.ROLE.arn(account, service.path(), service.role());
  }

  /**
   * Refuses a role that is a service's own.
   *
   * @throws dev.holdfast.aws.ApiError UnmodifiableEntity
   */
  public static <E extends Entity> E changeable(E entity) {
    if (entity instanceof Role role && LinkedService.isPath(role.path())) {
      throw IamError.UNMODIFIABLE_ENTITY.because(
          "Cannot perform the operation on the protected role '%s' - this role is only modifiable by"
              + " AWS",
          role.name());
    }
    return entity;
  }

  /**
   * Makes the role of a service, within a transaction.
   *
   * @throws dev.holdfast.aws.ApiError InvalidInput where there is one
   */
  public static Role make(
      Tx tx,
      AccountId account,
      LinkedService service,
      String id,
      @Nullable String description,
      Instant now) {
    var key = new Entity.Key(EntityKind.ROLE, service.role());
    if (tx.get(IamTables.ENTITIES, account, key) != null) {
      throw IamError.INVALID_INPUT.because(
          "Service role name %s has been taken in this account, please try a different suffix.",
          service.role());
    }
    var role =
        new Role(
            service.role(),
            service.path(),
            id,
            now,
            Grants.attached(service.policy()),
            new Trust(service.trust(), service.trust(), Map.of()),
            new Role.Settings(description == null ? service.description() : description, SESSION));
    Quotas.addOwn(tx, account, Quota.ROLES);
    tx.put(IamTables.ENTITIES, account, key, role);
    return role;
  }

  /** The service-linked role of a name. */
  public static Optional<Role> find(View view, AccountId account, String name) {
    return Directory.find(view, account, EntityKind.ROLE, name)
        .filter(Role.class::isInstance)
        .map(Role.class::cast)
        .filter(role -> LinkedService.isPath(role.path()));
  }

  /**
   * Deletes a service's role where the service needs it no more.
   *
   * @return what to ask for what became of it
   * @throws dev.holdfast.aws.ApiError NoSuchEntity
   */
  public String delete(Call call, String name) {
    String uuid = Ids.uuid(iam.random());
    return iam.state()
        .commit(
            call,
            tx -> {
              Role role =
                  find(tx, call.account(), name)
                      .orElseThrow(
                          () ->
                              IamError.NO_SUCH_ENTITY.because(
                                  "The role with name %s cannot be found.", name));
              String service = role.path().substring(LinkedService.PATH.length()).replace("/", "");
              List<String> inUse = uses.of(tx, call.account(), service);
              String task = "task" + role.path() + role.name() + "/" + uuid;
              if (inUse.isEmpty()) {
                Quotas.remove(tx, call.account(), Quota.ROLES);
                ServiceUses.forget(tx, call.account(), role.id());
                tx.delete(
                    IamTables.ENTITIES, call.account(), new Entity.Key(EntityKind.ROLE, name));
                Tags.delete(tx, call.account(), role.arn(call.account()));
              }
              remember(tx, call, new RoleDeletion(task, call.now(), inUse));
              return task;
            });
  }

  private static void remember(Tx tx, Call call, RoleDeletion deletion) {
    List<RoleDeletion> before = tx.list(IamTables.ROLE_DELETIONS, call.account());
    before.stream()
        .sorted(Comparator.comparing(RoleDeletion::at).reversed())
        .skip(RoleDeletion.MOST - 1L)
        .forEach(old -> tx.delete(IamTables.ROLE_DELETIONS, call.account(), old.task()));
    tx.put(IamTables.ROLE_DELETIONS, call.account(), deletion.task(), deletion);
  }

  /**
   * What became of a deletion.
   *
   * @throws dev.holdfast.aws.ApiError NoSuchEntity
   */
  public RoleDeletion deletion(Call call, String task) {
    RoleDeletion found =
        iam.state().read(view -> view.get(IamTables.ROLE_DELETIONS, call.account(), task));
    if (found == null) {
      throw IamError.NO_SUCH_ENTITY.because("The deletion task %s cannot be found.", task);
    }
    return found;
  }
}
