// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.iam.IamError;
import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.Role;
import dev.holdfast.iam.model.Trust;
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
import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Saves and shows trust policies. */
public final class Trusts {
  /** The most characters of a trust policy, white space aside. */
  public static final int SIZE = 2048;

  /** The unique id of nobody: ids are of base 32, which has no zero. */
  private static final String NOBODY = "AROA" + "0".repeat(17);

  private Trusts() {}

  /**
   * A trust policy to be saved. Whoever it names must exist now; of another account that is not
   * told, and trust in somebody who is not there is trust in nobody, whoever gets the name later.
   *
   * @param account the role's
   * @throws dev.holdfast.aws.ApiError MalformedPolicyDocument or LimitExceeded
   */
  public static Trust of(View view, AccountId account, String text) {
    var principals = new LinkedHashMap<String, String>();
    try {
      PolicyDocument document = PolicyDocument.parse(text, PolicyDocument.Kind.TRUST);
      if (document.size() > SIZE) {
        throw IamError.LIMIT_EXCEEDED.because("Cannot exceed quota for ACLSizePerRole: %d", SIZE);
      }
      PolicyDocument saved =
          document.mapAwsPrincipals(entry -> saved(view, account, entry, principals));
      return new Trust(text, saved.source(), principals);
    } catch (MalformedPolicy e) {
      throw PolicyTexts.malformed(e);
    }
  }

  /** Whether a trust policy lets a service assume its role on behalf of a resource. */
  static boolean admit(NamedPolicy trust, String roleArn, String service, Arn source, Instant now) {
    var context =
        Map.of(
            "aws:SourceArn", List.of(source.toString()),
            "aws:SourceAccount", List.of(source.account()),
            "aws:PrincipalIsAWSService", List.of("true"),
            "aws:PrincipalServiceName", List.of(service),
            "aws:CurrentTime", List.of(now.truncatedTo(ChronoUnit.SECONDS).toString()));
    var request =
        new Request(
            Caller.service(service),
            "sts:AssumeRole",
            roleArn,
            Arn.parse(roleArn).orElseThrow().account(),
            Context.of(context));
    Policies policies = Policies.NONE.withResource(trust, Gate.ROLE_TRUST);
    return Evaluator.decide(policies, request).allowed();
  }

  private static String saved(
      View view, AccountId account, String entry, Map<String, String> principals) {
    Arn arn = Arn.parse(entry).orElse(null);
    AccountId named = AccountId.parse(arn == null ? entry : arn.account()).orElse(null);
    if (named != null && view.get(IamTables.ACCOUNTS, Table.PLATFORM, named) == null) {
      throw invalid(entry);
    }
    if (arn == null
        || !arn.service().equals("iam")
        || !(arn.resource().startsWith("user/") || arn.resource().startsWith("role/"))) {
      return entry;
    }
    Entity entity = Directory.byArn(view, entry).orElse(null);
    if (entity == null && account.equals(named)) {
      throw invalid(entry);
    }
    String id = entity == null ? NOBODY : entity.id();
    principals.put(entry, id);
    return id;
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
    Map<String, String> gone = new LinkedHashMap<>();
    trust
        .principals()
        .forEach(
            (arn, id) -> {
              boolean own =
                  Arn.parse(arn).filter(a -> a.account().equals(account.digits())).isPresent();
              if (own && Directory.byArn(view, arn).filter(e -> e.id().equals(id)).isEmpty()) {
                gone.put(arn, id);
              }
            });
    return gone.isEmpty()
        ? trust.document()
        : PolicyDocument.parse(trust.document(), PolicyDocument.Kind.TRUST)
            .mapAwsPrincipals(entry -> Objects.requireNonNullElse(gone.get(entry), entry))
            .source();
  }
}
