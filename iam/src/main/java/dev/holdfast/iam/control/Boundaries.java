// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.iam.AttachedPermissionsBoundary;
import dev.holdfast.aws.iam.IamError;
import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.store.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Permissions boundaries of users and roles: managed policies that nothing goes beyond.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html">Permissions
 *     boundaries</a>
 */
public record Boundaries(IamState iam) {
  private static final String KEY = "iam:PermissionsBoundary";

  /** A demand that also tells the boundary that the entity has now, where it has one. */
  public Demand on(Call call, String action, EntityKind kind, String name) {
    Entity entity = iam.found(call, kind, name).orElse(null);
    Arn arn = entity == null ? kind.arn(call.account(), "/", name) : entity.arn(call.account());
    String boundary = entity == null ? null : entity.grants().boundary();
    return asked(Demand.on("iam:" + action, arn), boundary);
  }

  /** A demand that tells the boundary that the request gives. */
  public static Demand asked(Demand demand, @Nullable String boundary) {
    return demand.key(KEY, boundary);
  }

  /**
   * The policy that a request names as a boundary.
   *
   * @throws dev.holdfast.aws.ApiError NoSuchEntity
   */
  public static @Nullable String existing(View view, AccountId account, @Nullable String arn) {
    if (arn != null && Directory.policy(view, account, arn).isEmpty()) {
      throw IamError.NO_SUCH_ENTITY.because(
          "Scope ARN: %s does not exist or is not attachable.", arn);
    }
    return arn;
  }

  /** Sets the boundary of a user or role; null takes it away, also where there is none. */
  public Empty set(Call call, EntityKind kind, String name, @Nullable String arn) {
    return iam.state()
        .commit(
            call,
            tx -> {
              Entity entity = LinkedRoles.changeable(IamState.judged(tx, call, kind, name));
              String boundary = existing(tx, call.account(), arn);
              IamState.put(tx, call, entity.with(entity.grants().within(boundary)));
              return new Empty();
            });
  }

  /** Those whose boundary a policy is. */
  public static List<Entity> users(View view, AccountId account, String arn) {
    return view.byIndex(IamTables.ENTITIES, account, IamTables.BOUNDED, arn);
  }

  /** The boundary as a shape, where there is one. */
  public static @Nullable AttachedPermissionsBoundary shape(Entity entity) {
    String arn = entity.grants().boundary();
    return arn == null
        ? null
        : AttachedPermissionsBoundary.builder()
            .permissionsBoundaryType("PermissionsBoundaryPolicy")
            .permissionsBoundaryArn(arn)
            .build();
  }
}
