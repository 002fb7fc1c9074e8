// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control.oidc;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.ErrorShape;
import dev.holdfast.aws.sts.StsError;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.OidcProvider;
import dev.holdfast.iam.plan.oidc.Claims;
import dev.holdfast.iam.plan.oidc.Jwt;
import dev.holdfast.iam.plan.oidc.SiteName;
import dev.holdfast.iam.plan.oidc.TokenFault;
import dev.holdfast.iam.port.IssuerSites;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Principal;
import dev.holdfast.service.State;
import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** Finds out who stands behind a token of an identity provider. */
public record WebIdentities(State state, IssuerKeys keys, InstantSource clock) {
  /** Whether there is such an account. */
  public boolean exists(AccountId account) {
    return state.read(view -> view.get(IamTables.ACCOUNTS, Table.PLATFORM, account)) != null;
  }

  /**
   * The principal that a provider of an account vouches for.
   *
   * @param account of the role that is asked for
   * @throws ApiError InvalidIdentityToken, ExpiredTokenException, IDPRejectedClaim or
   *     IDPCommunicationError
   */
  public Principal proved(AccountId account, String token, Instant now) {
    try {
      Jwt jwt = Jwt.parse(token);
      OidcProvider provider = provider(account, jwt);
      requireSignature(account, provider, jwt, now);
      // the token may have ended while its issuer was asked
      return principal(account, provider, Claims.of(jwt, provider, clock.instant()));
    } catch (TokenFault e) {
      throw new ApiError(shape(e.kind()), e.text());
    }
  }

  /** Whether there still is a provider that vouched for somebody. */
  public static boolean stands(View view, AccountId account, Arn provider) {
    return view.get(IamTables.OIDC_PROVIDERS, account, OidcProvider.site(provider)) != null;
  }

  /** What a token says that was proved already. */
  public Optional<Claims> claims(AccountId account, String token, Instant now) {
    try {
      Jwt jwt = Jwt.parse(token);
      return find(account, jwt.issuer()).map(provider -> Claims.of(jwt, provider, now));
    } catch (TokenFault _) {
      return Optional.empty();
    }
  }

  private static ErrorShape shape(TokenFault.Kind kind) {
    return switch (kind) {
      case INVALID -> StsError.INVALID_IDENTITY_TOKEN;
      case EXPIRED -> StsError.EXPIRED_TOKEN;
      case CLAIM -> StsError.IDP_REJECTED_CLAIM;
    };
  }

  private Optional<OidcProvider> find(AccountId account, String issuer) {
    if (!issuer.startsWith("https://") || SiteName.parse(issuer).isEmpty()) {
      return Optional.empty(); // nobody can have registered it
    }
    String site = issuer.substring("https://".length());
    return Optional.ofNullable(
        state.read(view -> view.get(IamTables.OIDC_PROVIDERS, account, site)));
  }

  private OidcProvider provider(AccountId account, Jwt token) {
    String issuer = token.issuer();
    return find(account, issuer)
        .orElseThrow(
            () ->
                StsError.INVALID_IDENTITY_TOKEN.because(
                    "No OpenIDConnect provider found in your account for %s", shown(issuer)));
  }

  private static String shown(String issuer) {
    String clipped = issuer.length() > 255 ? issuer.substring(0, 255) : issuer;
    return clipped.replaceAll("[^\\x21-\\x7e]", "?");
  }

  private void requireSignature(AccountId account, OidcProvider provider, Jwt token, Instant now) {
    try {
      switch (keys.judge(account, provider, token, now)) {
        case GOOD -> {
          // it is the issuer's
        }
        case BAD ->
            throw StsError.INVALID_IDENTITY_TOKEN.because(
                "The web identity token's signature is not valid.");
        case UNKNOWN_KEY ->
            throw StsError.INVALID_IDENTITY_TOKEN.because(
                "Couldn't retrieve verification key from your identity provider,  please reference"
                    + " AssumeRoleWithWebIdentity documentation for requirements");
      }
    } catch (IssuerSites.NotTrusted _) {
      throw StsError.INVALID_IDENTITY_TOKEN.because(
          "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint");
    } catch (IOException _) {
      throw StsError.IDP_COMMUNICATION_ERROR.because(
          "An error occurred while communicating with the identity provider at %s.",
          provider.issuer());
    }
  }

  private static Principal principal(AccountId account, OidcProvider provider, Claims claims) {
    var arn = provider.arn(account);
    var identity =
        new Principal.Identity(
            Principal.Kind.WEB_IDENTITY,
            account,
            arn + ":" + claims.audience() + ":" + claims.subject(),
            claims.subject(),
            arn);
    return new Principal(identity, "", Map.of(), null);
  }
}
