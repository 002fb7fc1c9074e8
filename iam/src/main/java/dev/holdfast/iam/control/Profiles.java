// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.iam.IamError;
import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.Quota;
import dev.holdfast.iam.model.Role;
import dev.holdfast.iam.model.StoredProfile;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Tags;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The life of instance profiles. They are kept and shown: no virtual machines are here. */
public record Profiles(IamState iam) {

  /** The demand of an action on a profile, as if in the root path where there is none. */
  public Demand on(Call call, String action, String name) {
    Arn arn =
        iam.state()
            .read(view -> find(view, call.account(), name))
            .map(profile -> profile.arn(call.account()))
            .orElseGet(() -> StoredProfile.arn(call.account(), "/", name));
    return Demand.on("iam:" + action, arn);
  }

  private static Optional<StoredProfile> find(View view, AccountId account, String name) {
    StoredProfile profile = view.get(IamTables.PROFILES, account, name);
    return profile != null && profile.name().equals(name) ? Optional.of(profile) : Optional.empty();
  }

  /**
   * The profile.
   *
   * @throws dev.holdfast.aws.ApiError NoSuchEntity
   */
  public static StoredProfile profile(View view, AccountId account, String name) {
    return find(view, account, name)
        .orElseThrow(
            () -> IamError.NO_SUCH_ENTITY.because("Instance Profile %s cannot be found.", name));
  }

  /** The ARN of a profile that must exist; for tags. */
  public static Function<View, Arn> arn(Call call, String name) {
    return view -> profile(view, call.account(), name).arn(call.account());
  }

  public static void add(Tx tx, Call call, StoredProfile profile, Map<String, String> tags) {
    if (tx.get(IamTables.PROFILES, call.account(), profile.name()) != null) {
      throw IamError.ENTITY_ALREADY_EXISTS.because(
          "Instance Profile %s already exists.", profile.name());
    }
    Quotas.add(tx, call.account(), Quota.INSTANCE_PROFILES);
    tx.put(IamTables.PROFILES, call.account(), profile.name(), profile);
    Tags.add(tx, call.account(), profile.arn(call.account()), tags);
  }

  /** Changes a profile. */
  public Empty change(Call call, String name, Function<Tx, UnaryOperator<StoredProfile>> change) {
    return iam.state()
        .commit(
            call,
            tx -> {
              StoredProfile before = profile(tx, call.account(), name);
              tx.put(IamTables.PROFILES, call.account(), name, change.apply(tx).apply(before));
              return new Empty();
            });
  }

  public Empty delete(Call call, String name) {
    return iam.state()
        .commit(
            call,
            tx -> {
              StoredProfile profile = profile(tx, call.account(), name);
              if (profile.role() != null) {
                throw IamError.DELETE_CONFLICT.because(
                    "Cannot delete entity, must remove roles from instance profile first.");
              }
              Quotas.remove(tx, call.account(), Quota.INSTANCE_PROFILES);
              tx.delete(IamTables.PROFILES, call.account(), name);
              Tags.delete(tx, call.account(), profile.arn(call.account()));
              return new Empty();
            });
  }

  /** The profiles that hand out a role. */
  public static List<StoredProfile> of(View view, AccountId account, Role role) {
    return view.byIndex(
        IamTables.PROFILES, account, IamTables.PROFILE_ROLE, Entity.fold(role.name()));
  }
}
