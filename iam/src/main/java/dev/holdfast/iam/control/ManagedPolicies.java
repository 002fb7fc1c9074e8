// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.Empty;
import dev.holdfast.aws.iam.IamError;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.ManagedPolicy;
import dev.holdfast.iam.model.Quota;
import dev.holdfast.iam.plan.AwsPolicies;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Call;
import dev.holdfast.service.Tags;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The life of customer managed policies and of their versions. */
public record ManagedPolicies(IamState iam) {
  private static final int SIZE = 6144;

  /** A policy that must exist. */
  public static ManagedPolicy find(View view, AccountId account, String arn) {
    return Directory.policy(view, account, arn)
        .orElseThrow(() -> IamError.NO_SUCH_ENTITY.because("Policy %s was not found.", arn));
  }

  /** A version that must exist. */
  public static ManagedPolicy.Version version(ManagedPolicy policy, String arn, String id) {
    return policy
        .version(id)
        .orElseThrow(
            () ->
                IamError.NO_SUCH_ENTITY.because(
                    "Policy %s version %s does not exist or is not attachable.", arn, id));
  }

  /** The ARN of a policy that must exist and be the account's own; for tags. */
  public static Function<View, Arn> arn(Call call, String arn) {
    return view -> {
      requireOwn(arn);
      return find(view, call.account(), arn).arn(call.account());
    };
  }

  /** Refuses to change what AWS publishes. */
  private static void requireOwn(String arn) {
    if (AwsPolicies.isAws(arn)) {
      throw IamError.INVALID_INPUT.because(
          "the policy `%s` is managed by AWS and cannot be changed", arn);
    }
  }

  /** Whether a document may be saved as a managed policy. */
  public static void check(String document) {
    var parsed = PolicyTexts.parse(document);
    if (!parsed.version().equals("2012-10-17")) {
      throw new ApiError(
          IamError.MALFORMED_POLICY_DOCUMENT,
          "Policy document must be version 2012-10-17 or greater.");
    }
    if (parsed.size() > SIZE) {
      throw IamError.LIMIT_EXCEEDED.because("Cannot exceed quota for PolicySize: %d", SIZE);
    }
  }

  /** How many entities a policy is attached to. */
  public static int attachments(View view, AccountId account, String arn) {
    return view.byIndex(IamTables.ENTITIES, account, IamTables.ATTACHED, arn).size();
  }

  /** Whether a policy is attached to anybody, or anybody's boundary. */
  public static boolean used(View view, AccountId account, String arn) {
    return attachments(view, account, arn) > 0 || !Boundaries.users(view, account, arn).isEmpty();
  }

  /**
   * Adds a policy, within a transaction.
   *
   * @throws ApiError EntityAlreadyExists, LimitExceeded
   */
  public static void add(Tx tx, Call call, ManagedPolicy policy, Map<String, String> tags) {
    if (tx.get(IamTables.POLICIES, call.account(), policy.name()) != null) {
      throw IamError.ENTITY_ALREADY_EXISTS.because(
          "A policy called %s already exists. Duplicate names are not allowed.", policy.name());
    }
    Quotas.add(tx, call.account(), Quota.POLICIES);
    tx.put(IamTables.POLICIES, call.account(), policy.name(), policy);
    Tags.add(tx, call.account(), policy.arn(call.account()), tags);
  }

  /** Changes a policy of the account's own. */
  public <R> R change(
      Call call, String arn, UnaryOperator<ManagedPolicy> change, Function<ManagedPolicy, R> out) {
    requireOwn(arn);
    return iam.state()
        .commit(
            call,
            tx -> {
              ManagedPolicy changed = change.apply(find(tx, call.account(), arn));
              tx.put(IamTables.POLICIES, call.account(), changed.name(), changed);
              return out.apply(changed);
            });
  }

  public Empty delete(Call call, String arn) {
    requireOwn(arn);
    return iam.state()
        .commit(
            call,
            tx -> {
              ManagedPolicy policy = find(tx, call.account(), arn);
              if (used(tx, call.account(), arn)) {
                throw IamError.DELETE_CONFLICT.because(
                    "Cannot delete a policy attached to entities.");
              }
              if (policy.versions().size() > 1) {
                throw IamError.DELETE_CONFLICT.because(
                    "This policy has more than one version. Before you delete a policy, you must"
                        + " delete the policy's versions. The default version is deleted with the"
                        + " policy.");
              }
              Quotas.remove(tx, call.account(), Quota.POLICIES);
              tx.delete(IamTables.POLICIES, call.account(), policy.name());
              Tags.delete(tx, call.account(), policy.arn(call.account()));
              return new Empty();
            });
  }
}
