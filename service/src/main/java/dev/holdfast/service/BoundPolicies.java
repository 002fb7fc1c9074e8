// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.aws.ApiError;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Memo;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.store.View;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Binds policies to the users and roles that they name: by the unique ids of the moment when they
 * are saved, so that whoever gets a name later has nothing of what its former bearer was given.
 *
 * <p>A row keeps a policy as it was given and, beside it, the unique id that each ARN had. A policy
 * that was saved before there were such ids has none of them, and goes on to mean ARNs.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html">Principal</a>
 */
public final class BoundPolicies {
  /** The unique id of nobody: ids are of base 32, which has no zero. */
  private static final String NOBODY = "AROA" + "0".repeat(17);

  private static final int MOST_COMPILED = 1024;

  private final UniqueIds ids;
  private final Memo<Bound, PolicyDocument> compiled = new Memo<>(MOST_COMPILED);

  /** A policy as a row keeps it. */
  private record Bound(String text, Map<String, String> principals) {}

  public BoundPolicies(UniqueIds ids) {
    this.ids = ids;
  }

  /**
   * Whom a policy that is to be saved names. They must exist now; of another account that is not
   * told, and what is given to somebody who is not there is given to nobody, whoever gets the name
   * later; what is denied them is denied whoever gets it, and who is excepted from a denial is
   * nobody.
   *
   * @param account the resource's
   * @param nobody the error for an entry that names nobody
   * @return the unique id of each user and role, by ARN
   */
  public Map<String, String> principals(
      View view, AccountId account, PolicyDocument document, Function<String, ApiError> nobody) {
    var principals = new LinkedHashMap<String, String>();
    for (String entry : document.awsPrincipals()) {
      Arn arn = Arn.parse(entry).orElse(null);
      AccountId named = AccountId.parse(arn == null ? entry : arn.account()).orElse(null);
      if (named != null && ids.of(view, Arn.global("iam", named, "root")).isEmpty()) {
        throw nobody.apply(entry);
      }
      if (arn != null && named != null && namesEntity(arn)) {
        Optional<String> id = ids.of(view, arn);
        if (id.isEmpty() && named.equals(account)) {
          throw nobody.apply(entry);
        }
        principals.put(entry, id.orElse(NOBODY));
      }
    }
    return principals;
  }

  private static boolean namesEntity(Arn arn) {
    return arn.service().equals("iam")
        && (arn.resource().startsWith("user/") || arn.resource().startsWith("role/"));
  }

  /**
   * A document that names by unique id whom it named by ARN. Who was not there is nobody where
   * something is allowed, or a denial excepts them, and whoever gets the name where it is denied.
   */
  public static PolicyDocument bind(PolicyDocument document, Map<String, String> principals) {
    return principals.isEmpty()
        ? document
        : document.mapAwsPrincipals(
            (entry, granting) -> {
              String id = principals.get(entry);
              return id == null || (id.equals(NOBODY) && !granting) ? entry : id;
            });
  }

  /** What a resource's saved policy means. */
  public PolicyDocument compiled(String text, Map<String, String> principals) {
    return compiled.get(
        new Bound(text, principals),
        saved ->
            bind(
                PolicyDocument.parse(saved.text(), PolicyDocument.Kind.RESOURCE),
                saved.principals()));
  }

  /**
   * A saved policy as it is shown: ids of users and roles of its account that are gone stand for
   * themselves. Those of other accounts are shown as they were given, gone or not.
   *
   * @param account the resource's
   */
  public String shown(
      View view,
      AccountId account,
      PolicyDocument.Kind kind,
      String text,
      Map<String, String> principals) {
    var gone = new LinkedHashMap<String, String>();
    principals.forEach(
        (entry, id) ->
            Arn.parse(entry)
                .filter(arn -> arn.account().equals(account.digits()))
                .filter(arn -> !ids.of(view, arn).equals(Optional.of(id)))
                .ifPresent(_ -> gone.put(entry, id)));
    return gone.isEmpty() ? text : bind(PolicyDocument.parse(text, kind), gone).source();
  }

  /** A resource's saved policy as it is shown. */
  public String shown(View view, AccountId account, String text, Map<String, String> principals) {
    return shown(view, account, PolicyDocument.Kind.RESOURCE, text, principals);
  }
}
