// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import org.jspecify.annotations.Nullable;

/**
 * The principal chain of a request.
 *
 * @param account twelve digits; empty for services, providers and anonymous callers
 * @param arn what denials print: the user or session ARN; a service's or provider's own name
 * @param issuerArn the role of a role session, the user behind a federated session, else null
 * @param uniqueId {@code AIDA...} of the user or {@code AROA...} of the role, by which saved
 *     resource policies know them; empty where there is none
 */
public record Caller(
    Kind kind, String account, String arn, @Nullable String issuerArn, String uniqueId) {

  /** What sort of principal calls. */
  public enum Kind {
    ROOT,
    /** A user with long-term keys or with a {@code GetSessionToken} session. */
    USER,
    ROLE_SESSION,
    /** A {@code GetFederationToken} session. */
    FEDERATED,
    /** A service principal such as {@code ecs-tasks.amazonaws.com}. */
    SERVICE,
    /** An identity vouched for by an OIDC or SAML provider, before it assumes a role. */
    PROVIDER,
    ANONYMOUS
  }

  private static final Caller NOBODY = new Caller(Kind.ANONYMOUS, "", "anonymous", null, "");

  public static Caller root(String account) {
    return new Caller(Kind.ROOT, account, "arn:aws:iam::" + account + ":root", null, "");
  }

  public static Caller user(String account, String arn, String userId) {
    return new Caller(Kind.USER, account, arn, null, userId);
  }

  /**
   * A session of a role.
   *
   * @param arn {@code arn:aws:sts::A:assumed-role/role/session}
   * @param roleArn {@code arn:aws:iam::A:role/path/role}
   */
  public static Caller roleSession(String account, String arn, String roleArn, String roleId) {
    return new Caller(Kind.ROLE_SESSION, account, arn, roleArn, roleId);
  }

  public static Caller federated(
      String account, String arn, @Nullable String userArn, String userId) {
    return new Caller(Kind.FEDERATED, account, arn, userArn, userId);
  }

  public static Caller service(String name) {
    return new Caller(Kind.SERVICE, "", name, null, "");
  }

  /**
   * Somebody an identity provider vouches for.
   *
   * @param provider the provider's ARN or host, as trust policies name it
   */
  public static Caller provider(String provider) {
    return new Caller(Kind.PROVIDER, "", provider, null, "");
  }

  public static Caller anonymous() {
    return NOBODY;
  }

  /** The ARN a policy would name to mean this caller for good: the role for a role session. */
  public String principalArn() {
    return kind == Kind.ROLE_SESSION && issuerArn != null ? issuerArn : arn;
  }

  /** Whether identity policies can speak for this caller at all. */
  boolean belongsToAccount() {
    return switch (kind) {
      case ROOT, USER, ROLE_SESSION, FEDERATED -> true;
      case SERVICE, PROVIDER, ANONYMOUS -> false;
    };
  }
}
