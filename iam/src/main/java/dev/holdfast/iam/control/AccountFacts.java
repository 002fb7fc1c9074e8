// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.Protocol;
import dev.holdfast.aws.iam.IamError;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.IamTables.Account;
import dev.holdfast.iam.model.Quota;
import dev.holdfast.kit.AccountId;
import dev.holdfast.service.Call;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** What IAM knows of an account as a whole: its alias, its password policy, how much it holds. */
public record AccountFacts(IamState iam) {

  /**
   * Quotas that are as on AWS; see {@link Quota} for the others.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html">Quotas of
   *     IAM</a>
   */
  private static final Map<String, Integer> QUOTAS =
      Map.ofEntries(
          Map.entry("AccessKeysPerUserQuota", 2),
          Map.entry("AssumeRolePolicySizeQuota", 2048),
          Map.entry("GroupPolicySizeQuota", 5120),
          Map.entry("PolicySizeQuota", 6144),
          Map.entry("PolicyVersionsInUseQuota", 10_000),
          Map.entry("RolePolicySizeQuota", 10_240),
          Map.entry("ServerCertificatesQuota", 20),
          Map.entry("SigningCertificatesPerUserQuota", 2),
          Map.entry("UserPolicySizeQuota", 2048),
          Map.entry("VersionsPerPolicyQuota", 5));

  /** Of these there are none here. */
  private static final List<String> NONE =
      List.of(
          "AccountAccessKeysPresent",
          "AccountPasswordPresent",
          "AccountSigningCertificatesPresent",
          "ServerCertificates");

  /** The account as it is kept; the caller's always is. */
  public static Account of(View view, AccountId account) {
    return Objects.requireNonNull(view.get(IamTables.ACCOUNTS, Table.PLATFORM, account));
  }

  /** Changes an account's row. */
  public <R> R change(Call call, BiFunction<Tx, Account, Account> change, R out) {
    return iam.state()
        .commit(
            call,
            tx -> {
              Account changed = change.apply(tx, of(tx, call.account()));
              tx.put(IamTables.ACCOUNTS, Table.PLATFORM, call.account(), changed);
              return out;
            });
  }

  /**
   * The account under an alias; an account has one, and a new one takes the place of the old.
   *
   * @throws dev.holdfast.aws.ApiError ValidationError where it could be taken for an account's id;
   *     EntityAlreadyExists
   */
  public static Account called(Tx tx, Account account, String alias) {
    if (AccountId.parse(alias).isPresent()) {
      throw CommonError.VALIDATION
          .in(Protocol.QUERY)
          .because("An account alias is not twelve digits, as an account's id is.");
    }
    boolean taken =
        tx.byIndex(IamTables.ACCOUNTS, Table.PLATFORM, IamTables.ALIAS, alias).stream()
            .anyMatch(other -> !other.id().equals(account.id()));
    if (taken) {
      throw IamError.ENTITY_ALREADY_EXISTS.because("The account alias %s already exists.", alias);
    }
    return account.called(alias);
  }

  /** How much of everything there is, and may be. */
  public Map<String, Integer> summary(Call call) {
    var all = new TreeMap<>(QUOTAS);
    NONE.forEach(name -> all.put(name, 0));
    all.put("GlobalEndpointTokenVersion", 1);
    AccountId account = call.account();
    iam.state()
        .read(
            view -> {
              for (Quota quota : Quota.values()) {
                all.put(quota.summary(), Quotas.most(view, quota));
              }
              all.put("Users", Quotas.count(view, account, Quota.USERS));
              all.put("Groups", Quotas.count(view, account, Quota.GROUPS));
              all.put("Roles", Quotas.count(view, account, Quota.ROLES));
              all.put("InstanceProfiles", Quotas.count(view, account, Quota.INSTANCE_PROFILES));
              var devices = view.list(IamTables.MFA_DEVICES, account);
              all.put("MFADevices", devices.size());
              all.put(
                  "MFADevicesInUse",
                  (int) devices.stream().filter(device -> device.owner() != null).count());
              all.put(
                  "AccountMFAEnabled",
                  MfaDevices.of(view, account, account.digits()).isEmpty() ? 0 : 1);
              all.put("Providers", view.list(IamTables.OIDC_PROVIDERS, account).size());
              var policies = view.list(IamTables.POLICIES, account);
              all.put("Policies", Quotas.count(view, account, Quota.POLICIES));
              all.put(
                  "PolicyVersionsInUse",
                  policies.stream().mapToInt(policy -> policy.versions().size()).sum());
              return all;
            });
    return all;
  }
}
