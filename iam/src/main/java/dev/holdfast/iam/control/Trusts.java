// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.iam.IamError;
import dev.holdfast.iam.model.Role;
import dev.holdfast.iam.model.Trust;
import dev.holdfast.iam.plan.oidc.SharedProviders;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.policy.Caller;
import dev.holdfast.policy.Context;
import dev.holdfast.policy.Evaluator;
import dev.holdfast.policy.Gate;
import dev.holdfast.policy.MalformedPolicy;
import dev.holdfast.policy.NamedPolicy;
import dev.holdfast.policy.Policies;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.policy.Request;
import dev.holdfast.service.BoundPolicies;
import dev.holdfast.store.View;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/** Saves and shows trust policies. */
public final class Trusts {
  /** The most characters of a trust policy, white space aside. */
  public static final int SIZE = 2048;

  private static final BoundPolicies BOUND = new BoundPolicies(Identities::uniqueId);

  private Trusts() {}

  /**
   * A trust policy to be saved. Whoever it names must exist now; of another account that is not
   * told, and trust in somebody who is not there is trust in nobody, whoever gets the name later.
   * Of a provider that many share it has to say whom it means.
   *
   * @param account the role's
   * @throws dev.holdfast.aws.ApiError MalformedPolicyDocument or LimitExceeded
   */
  public static Trust of(View view, AccountId account, String text) {
    try {
      PolicyDocument document = PolicyDocument.admit(text, PolicyDocument.Kind.TRUST);
      if (document.size() > SIZE) {
        throw IamError.LIMIT_EXCEEDED.because("Cannot exceed quota for ACLSizePerRole: %d", SIZE);
      }
      SharedProviders.missing(account, document)
          .ifPresent(
              key -> {
                throw IamError.MALFORMED_POLICY_DOCUMENT.because(
                    "Missing a condition on `%s`, without which the role is for everybody for whom"
                        + " this provider vouches: say with StringEquals or StringLike whom it is"
                        + " for",
                    key);
              });
      Map<String, String> principals = BOUND.principals(view, account, document, Trusts::invalid);
      return new Trust(text, BoundPolicies.bind(document, principals).source(), principals);
    } catch (MalformedPolicy e) {
      throw PolicyTexts.malformed(e);
    }
  }

  /** Whether a trust policy lets a service assume its role on behalf of a resource. */
  static boolean admit(NamedPolicy trust, String roleArn, String service, Arn source, Instant now) {
    String account = Arn.parse(roleArn).orElseThrow().account();
    var context =
        Context.builder()
            .put("aws:SourceArn", source.toString())
            .put("aws:SourceAccount", source.account())
            .put("aws:PrincipalIsAWSService", "true")
            .put("aws:PrincipalServiceName", service)
            .put("aws:PrincipalServiceNamesList", service)
            .put("aws:CurrentTime", now.truncatedTo(ChronoUnit.SECONDS).toString())
            .put("aws:EpochTime", Long.toString(now.getEpochSecond()))
            .put("aws:RequestedRegion", region(source))
            .put("aws:ResourceAccount", account)
            .put("aws:SecureTransport", "true") // inside this process: there is no wire
            .build();
    var request = new Request(Caller.service(service), "sts:AssumeRole", roleArn, account, context);
    Policies policies = Policies.NONE.withResource(trust, Gate.ROLE_TRUST);
    return Evaluator.decide(policies, request).allowed();
  }

  /** Where a service acts for a resource; what is global is acted for in the first region. */
  private static String region(Arn source) {
    return source.region().isEmpty() ? "us-east-1" : source.region();
  }

  private static ApiError invalid(String entry) {
    return IamError.MALFORMED_POLICY_DOCUMENT.because(
        "Invalid principal in policy: \"AWS\":\"%s\"", entry);
  }

  /**
   * The trust policy as it is shown: ids of users and roles of its account that are gone stand for
   * themselves. Those of other accounts are shown as they were given, gone or not.
   */
  public static String shown(View view, AccountId account, Role role) {
    Trust trust = role.trust();
    return BOUND.shown(
        view, account, PolicyDocument.Kind.TRUST, trust.document(), trust.principals());
  }
}
