// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.api;

import dev.holdfast.policy.Context;
import dev.holdfast.policy.Decision;
import dev.holdfast.policy.Evaluator;
import dev.holdfast.policy.Gate;
import dev.holdfast.policy.MalformedPolicy;
import dev.holdfast.policy.NamedPolicy;
import dev.holdfast.policy.Policies;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.policy.Request;
import dev.holdfast.registry.model.RepositoryId;
import dev.holdfast.service.Principal;
import java.util.List;

/** The checks before the policy of a repository, or of a registry, is saved. */
final class RepositoryPolicyRules {
  private static final NamedPolicy ALLOW_ALL =
      new NamedPolicy(
          "allow-all",
          PolicyDocument.parse(
              """
              {"Version":"2012-10-17",
               "Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""",
              PolicyDocument.Kind.IDENTITY));

  private RepositoryPolicyRules() {}

  /**
   * A policy that may be saved.
   *
   * @param of what it is the policy of: {@code repository} or {@code registry}
   */
  static PolicyDocument parse(String of, String text) {
    try {
      return PolicyDocument.admit(text, PolicyDocument.Kind.RESOURCE);
    } catch (MalformedPolicy e) {
      throw EcrFault.invalid(
          "PolicyText",
          ("Invalid " + of + " policy provided: " + e.getMessage() + " " + e.detail()).strip());
    }
  }

  /** Whether whoever sets a policy could not set another one, because it denies that. */
  static boolean locksOut(Principal principal, RepositoryId id, PolicyDocument policy) {
    var context =
        Context.builder()
            .put("aws:PrincipalArn", principal.identity().arn().toString())
            .put("aws:PrincipalAccount", principal.account().digits())
            .put("aws:userid", principal.userId());
    principal.tags().forEach((name, value) -> context.put("aws:PrincipalTag/" + name, value));
    var request =
        new Request(
            principal.caller(),
            "ecr:SetRepositoryPolicy",
            id.arn().toString(),
            id.account().digits(),
            context.build());
    Policies policies =
        Policies.ofIdentity(List.of(ALLOW_ALL))
            .withResource(new NamedPolicy(id.arn().toString(), policy), Gate.NONE);
    return Evaluator.decide(policies, request) instanceof Decision.ExplicitDeny;
  }
}
