// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam;

import dev.holdfast.iam.control.Quotas;
import dev.holdfast.iam.model.AccessKey;
import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.ManagedPolicy;
import dev.holdfast.iam.model.MfaDevice;
import dev.holdfast.iam.model.Quota;
import dev.holdfast.iam.model.StoredProfile;
import dev.holdfast.iam.model.User;
import dev.holdfast.iam.plan.AwsPolicies;
import dev.holdfast.kit.AccountId;
import dev.holdfast.service.Check;
import dev.holdfast.service.Finding;
import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What must hold in IAM: entities belong to accounts, users to groups that exist, attached policies
 * exist, and every access key, password and device is a user's.
 */
public record IamCheck() implements Check {
  @Override
  public String name() {
    return "accounts, users, roles and policies";
  }

  @Override
  public List<Table<?, ?>> tables() {
    return List.of(
        IamTables.ENTITIES,
        IamTables.POLICIES,
        IamTables.ACCESS_KEYS,
        IamTables.ACCOUNTS,
        IamTables.PROFILES,
        IamTables.OIDC_PROVIDERS,
        IamTables.TOKEN_ISSUERS,
        IamTables.ROLE_DELETIONS,
        IamTables.MFA_DEVICES,
        IamTables.LOGIN_PROFILES,
        IamTables.LAST_USES,
        IamTables.SERVICE_USES,
        IamTables.ACCESS_JOBS,
        IamTables.REPORT_PARTS,
        IamTables.COUNTS,
        IamTables.QUOTAS,
        IamTables.SESSION_DOCUMENTS,
        IamTables.REVOCATIONS,
        IamTables.DENIALS);
  }

  @Override
  public void run(View view, Consumer<Finding> found) {
    view.eachRow(IamTables.ENTITIES, (account, _, row) -> entity(view, account, row, found));
    view.eachRow(IamTables.POLICIES, (account, _, row) -> policy(view, account, row, found));
    view.eachRow(IamTables.PROFILES, (account, _, row) -> profile(view, account, row, found));
    view.eachRow(
        IamTables.OIDC_PROVIDERS,
        (account, _, row) -> {
          if (!exists(view, account)) {
            found.accept(
                Finding.lost(row.arn(account).toString(), "is of an account that is not there"));
          }
        });
    view.eachRow(
        IamTables.TOKEN_ISSUERS,
        (account, _, row) -> {
          if (!exists(view, account)) {
            found.accept(
                Finding.lost(
                    "token issuer " + row.id() + " of " + account,
                    "is of an account that is not there"));
          }
        });
    var users = new HashSet<String>();
    view.eachRow(
        IamTables.ENTITIES, (account, _, row) -> users.add(account.digits() + "/" + row.id()));
    view.eachRow(IamTables.MFA_DEVICES, (account, _, row) -> device(account, row, users, found));
    view.eachRow(
        IamTables.LOGIN_PROFILES,
        (account, _, row) -> {
          if (!users.contains(account.digits() + "/" + row.userId())) {
            found.accept(
                Finding.lost(
                    "login profile of " + row.userId() + " of " + account,
                    "is of a user who is not there"));
          }
        });
    view.eachRow(IamTables.ACCESS_KEYS, (_, _, row) -> key(view, row, found));
    view.eachRow(IamTables.COUNTS, (account, _, row) -> count(view, account, row, found));
  }

  private static boolean exists(View view, AccountId account) {
    return account.equals(Table.PLATFORM)
        || view.get(IamTables.ACCOUNTS, Table.PLATFORM, account) != null;
  }

  private static void entity(View view, AccountId account, Entity entity, Consumer<Finding> found) {
    String arn = entity.arn(account).toString();
    if (!exists(view, account)) {
      found.accept(Finding.lost(arn, "is of an account that is not there"));
    }
    for (String policy : entity.grants().managed()) {
      if (!AwsPolicies.isAws(policy) && !policyExists(view, account, policy)) {
        found.accept(Finding.lost(arn, "has a policy attached that is not there: " + policy));
      }
    }
    String boundary = entity.grants().boundary();
    if (boundary != null
        && !AwsPolicies.isAws(boundary)
        && !policyExists(view, account, boundary)) {
      found.accept(
          Finding.lost(arn, "has a boundary that is not there, and may do nothing: " + boundary));
    }
    if (entity instanceof User user) {
      for (String group : user.groups()) {
        if (view.get(IamTables.ENTITIES, account, new Entity.Key(EntityKind.GROUP, group))
            == null) {
          found.accept(Finding.lost(arn, "is in a group that is not there: " + group));
        }
      }
    }
  }

  private static boolean policyExists(View view, AccountId account, String arn) {
    ManagedPolicy policy =
        view.get(IamTables.POLICIES, account, arn.substring(arn.lastIndexOf('/') + 1));
    return policy != null && policy.arn(account).toString().equals(arn);
  }

  private static void policy(
      View view, AccountId account, ManagedPolicy policy, Consumer<Finding> found) {
    String arn = policy.arn(account).toString();
    if (!exists(view, account)) {
      found.accept(Finding.lost(arn, "is of an account that is not there"));
    }
    if (policy.version(policy.defaultVersion()).isEmpty()) {
      found.accept(
          Finding.lost(arn, "has no version " + policy.defaultVersion() + ", its default"));
    }
  }

  private static void profile(
      View view, AccountId account, StoredProfile profile, Consumer<Finding> found) {
    String role = profile.role();
    if (role != null
        && view.get(IamTables.ENTITIES, account, new Entity.Key(EntityKind.ROLE, role)) == null) {
      found.accept(
          Finding.lost(profile.arn(account).toString(), "has a role that is not there: " + role));
    }
  }

  private static void device(
      AccountId account, MfaDevice device, Set<String> users, Consumer<Finding> found) {
    MfaDevice.Owner owner = device.owner();
    if (owner != null
        && !owner.id().equals(account.digits())
        && !users.contains(account.digits() + "/" + owner.id())) {
      found.accept(
          Finding.lost(
              device.arn(account).toString(),
              "is of the user " + owner.name() + ", who is not there"));
    }
  }

  private static void count(
      View view, AccountId account, Quota.Count count, Consumer<Finding> found) {
    int there =
        Quota.named(count.title())
            .map(quota -> Quotas.counted(view, account, quota))
            .orElse(count.number());
    if (there != count.number()) {
      found.accept(
          Finding.lost(
              "the number for " + count.title() + " of " + account,
              "is " + count.number() + " where there are " + there));
    }
  }

  private static void key(View view, AccessKey key, Consumer<Finding> found) {
    Entity owner =
        view.get(
            IamTables.ENTITIES, key.account(), new Entity.Key(EntityKind.USER, key.userName()));
    if (owner == null || !owner.id().equals(key.userId())) {
      found.accept(
          Finding.lost(
              "access key " + key.id(),
              "is of the user " + key.userName() + " of " + key.account() + ", who is not there"));
    }
  }
}
