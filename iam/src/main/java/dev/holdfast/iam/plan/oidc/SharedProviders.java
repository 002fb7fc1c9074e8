// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan.oidc;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.policy.Caller;
import dev.holdfast.policy.PolicyDocument;
import java.util.List;
import java.util.Optional;

/**
 * Identity providers that vouch for people of many organizations under one name, and the claim that
 * tells whose they are: a role that trusts one has to say whom it means.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html">Identity-provider
 *     controls for shared OIDC providers</a>
 */
public final class SharedProviders {
  private static final String ACTION = "sts:AssumeRoleWithWebIdentity";

  private static final List<Shared> ALL =
      List.of(
          new Shared("agent.buildkite.com", "sub"),
          new Shared("api.pulumi.com/oidc", "aud"),
          new Shared("app.terraform.io", "sub"),
          new Shared("cognito-identity.amazonaws.com", "aud"),
          new Shared("gitlab.com", "sub"),
          new Shared("oidc-configuration.audit-log.githubusercontent.com", "sub"),
          new Shared("oidc.codefresh.io", "sub"),
          new Shared("oidc.op1.openshiftapps.com/2f785sojlpb85i7402pk3qogugim5nfb", "sub"),
          new Shared("oidc.vercel.com", "aud"),
          new Shared("proidc.upbound.io", "sub"),
          new Shared("sandboxes.cloud", "aud"),
          new Shared("scalr.io", "sub"),
          new Shared("studio.datachain.ai/api", "sub"),
          new Shared("token.actions.githubusercontent.com", "sub"),
          new Shared("tokens.cloud.shisho.dev", "sub"),
          new Shared("vstoken.actions.githubusercontent.com", "sub"));

  private SharedProviders() {}

  /**
   * A provider of many.
   *
   * @param site its URL without the scheme
   * @param claim what tells its customers apart
   */
  private record Shared(String site, String claim) {
    String key() {
      return site + ":" + claim;
    }

    Caller caller(AccountId account) {
      return Caller.provider(Arn.global("iam", account, "oidc-provider/" + site).toString());
    }
  }

  /**
   * The condition key that a trust policy lacks, where it lets in whoever such a provider vouches
   * for.
   *
   * @param account the role's, whose providers it can trust
   */
  public static Optional<String> missing(AccountId account, PolicyDocument trust) {
    return ALL.stream()
        .filter(each -> trust.allowsAnyOf(each.caller(account), ACTION, each.key()))
        .map(Shared::key)
        .findFirst();
  }
}
