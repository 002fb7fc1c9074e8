// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.aws.iam.IamError;
import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.Role;
import dev.holdfast.iam.model.Trust;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.policy.MalformedPolicy;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Saves and shows trust policies. */
public final class Trusts {
  /** The most characters of a trust policy, white space aside. */
  public static final int SIZE = 2048;

  private Trusts() {}

  /**
   * A trust policy to be saved: whoever it names must exist now.
   *
   * @throws dev.holdfast.aws.ApiError MalformedPolicyDocument or LimitExceeded
   */
  public static Trust of(View view, String text) {
    var principals = new LinkedHashMap<String, String>();
    try {
      PolicyDocument document = PolicyDocument.parse(text, PolicyDocument.Kind.TRUST);
      if (document.size() > SIZE) {
        throw IamError.LIMIT_EXCEEDED.because("Cannot exceed quota for ACLSizePerRole: %d", SIZE);
      }
      PolicyDocument saved = document.mapAwsPrincipals(entry -> saved(view, entry, principals));
      return new Trust(text, saved.source(), principals);
    } catch (MalformedPolicy e) {
      throw PolicyTexts.malformed(e);
    }
  }

  private static String saved(View view, String entry, Map<String, String> principals) {
    Arn arn = Arn.parse(entry).orElse(null);
    AccountId account = AccountId.parse(arn == null ? entry : arn.account()).orElse(null);
    boolean unknown =
        account != null && view.get(IamTables.ACCOUNTS, Table.PLATFORM, account) == null;
    boolean entity =
        arn != null
            && arn.service().equals("iam")
            && (arn.resource().startsWith("user/") || arn.resource().startsWith("role/"));
    Entity named = entity ? Directory.byArn(view, entry).orElse(null) : null;
    if (unknown || (entity && named == null)) {
      throw IamError.MALFORMED_POLICY_DOCUMENT.because(
          "Invalid principal in policy: \"AWS\":\"%s\"", entry);
    }
    if (named == null) {
      return entry;
    }
    principals.put(entry, named.id());
    return named.id();
  }

  /** The trust policy as it is shown: ids of users and roles that are gone stand for themselves. */
  public static String shown(View view, Role role) {
    Trust trust = role.trust();
    Map<String, String> gone = new LinkedHashMap<>();
    trust
        .principals()
        .forEach(
            (arn, id) -> {
              if (Directory.byArn(view, arn).filter(e -> e.id().equals(id)).isEmpty()) {
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
