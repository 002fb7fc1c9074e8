// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * An OpenID Connect provider whose tokens roles of the account may trust.
 *
 * @param site the issuer's URL without {@code https://}, as it was given
 * @param clientIds the audiences that its tokens may be for
 * @param thumbprints SHA-1 in hex, lower case, of the last certificates that it may show
 */
public record OidcProvider(
    String site, List<String> clientIds, List<String> thumbprints, Instant created) {
  /** The most client ids of one provider. */
  public static final int MOST_CLIENTS = 100;

  /** The most thumbprints of one provider. */
  public static final int MOST_THUMBPRINTS = 5;

  /** The most providers of one account. */
  public static final int MOST = 100;

  private static final String KIND = "oidc-provider/";

  public OidcProvider {
    clientIds = List.copyOf(clientIds);
    thumbprints = List.copyOf(thumbprints);
  }

  public static Arn arn(AccountId account, String site) {
    return Arn.global("iam", account, KIND + site);
  }

  public Arn arn(AccountId account) {
    return arn(account, site);
  }

  /** The site that the resource of an ARN names, or empty text. */
  public static String site(Arn arn) {
    return arn.service().equals("iam") && arn.resource().startsWith(KIND)
        ? arn.resource().substring(KIND.length())
        : "";
  }

  /** The issuer as its tokens name it. */
  public String issuer() {
    return "https://" + site;
  }

  /** With one client more; adding twice is once. */
  public OidcProvider withClient(String id) {
    if (clientIds.contains(id)) {
      return this;
    }
    var more = new ArrayList<>(clientIds);
    more.add(id);
    return new OidcProvider(site, more, thumbprints, created);
  }

  public OidcProvider withoutClient(String id) {
    return new OidcProvider(
        site, clientIds.stream().filter(c -> !c.equals(id)).toList(), thumbprints, created);
  }

  public OidcProvider withThumbprints(List<String> others) {
    return new OidcProvider(site, clientIds, others, created);
  }
}
