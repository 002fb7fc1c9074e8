// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control.oidc;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.Empty;
import dev.holdfast.aws.Protocol;
import dev.holdfast.aws.iam.IamError;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.OidcProvider;
import dev.holdfast.iam.plan.oidc.SiteName;
import dev.holdfast.iam.port.IssuerSites;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Tags;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * The life of OpenID Connect providers.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html">OpenID
 *     Connect providers</a>
 */
public record OidcProviders(IamState iam, IssuerSites sites) {
  private static final Pattern THUMBPRINT = Pattern.compile("[0-9A-Fa-f]{40}");

  /** The demand of an action on a provider, by its ARN. */
  public static Demand on(String action, String arn) {
    return Demand.on("iam:" + action, arn(arn));
  }

  /**
   * The ARN of a provider as a request gives it.
   *
   * @throws ApiError ValidationError
   */
  public static Arn arn(String text) {
    return IamState.parse(text)
        .filter(arn -> !OidcProvider.site(arn).isEmpty())
        .orElseThrow(
            () -> CommonError.VALIDATION.in(Protocol.QUERY).because("Invalid ARN: %s", text));
  }

  /**
   * The provider that an ARN of the caller's account names.
   *
   * @throws ApiError NoSuchEntity
   */
  public static OidcProvider provider(View view, AccountId account, String text) {
    Arn arn = arn(text);
    OidcProvider provider = view.get(IamTables.OIDC_PROVIDERS, account, OidcProvider.site(arn));
    if (provider == null || !provider.arn(account).equals(arn)) {
      throw IamError.NO_SUCH_ENTITY.because("OpenIDConnect Provider not found for arn %s", text);
    }
    return provider;
  }

  /** The ARN of a provider that must exist; for tags. */
  public static Function<View, Arn> existing(Call call, String arn) {
    return view -> provider(view, call.account(), arn).arn(call.account());
  }

  /**
   * The site of a URL as a request gives it: the URL without its scheme, in the same letters.
   *
   * @throws ApiError InvalidInput
   */
  public static String site(String url) {
    if (url.length() > SiteName.LONGEST || SiteName.parse(url).isEmpty()) {
      throw IamError.INVALID_INPUT.because(
          "Invalid Open ID Connect Provider URL: it begins with https:// and has a host by name,"
              + " perhaps a path, and neither a port nor a query");
    }
    return url.substring("https://".length());
  }

  /**
   * The thumbprints of a request; where it gives none, that of the certificate which the site shows
   * now.
   *
   * @throws ApiError InvalidInput, OpenIdIdpCommunicationError
   */
  public List<String> thumbprints(AccountId account, String site, List<String> given) {
    if (!given.isEmpty()) {
      return thumbprints(given);
    }
    String host = SiteName.parse("https://" + site).orElseThrow().host();
    try {
      return List.of(sites.thumbprint(account, host).toLowerCase(Locale.ROOT));
    } catch (IOException _) {
      throw IamError.OPEN_ID_IDP_COMMUNICATION_ERROR.because(
          "An error occurred while communicating with the identity provider at https://%s. Give its"
              + " thumbprint, or let it be reached.",
          host);
    }
  }

  /** The thumbprints of a request, which gives some. */
  public static List<String> thumbprints(List<String> given) {
    List<String> lower =
        given.stream().map(print -> print.toLowerCase(Locale.ROOT)).distinct().toList();
    if (lower.isEmpty()) {
      throw IamError.INVALID_INPUT.because("Thumbprint list must contain at least one entry.");
    }
    if (given.size() > OidcProvider.MOST_THUMBPRINTS) {
      throw IamError.INVALID_INPUT.because("Thumbprint list must contain fewer than 5 entries.");
    }
    if (!lower.stream().allMatch(print -> THUMBPRINT.matcher(print).matches())) {
      throw IamError.INVALID_INPUT.because(
          "A thumbprint is the SHA-1 of a certificate in 40 hex digits.");
    }
    return lower;
  }

  /** Adds a provider, within a transaction. */
  public static void add(Tx tx, Call call, OidcProvider provider, Map<String, String> tags) {
    AccountId account = call.account();
    if (tx.get(IamTables.OIDC_PROVIDERS, account, provider.site()) != null) {
      throw IamError.ENTITY_ALREADY_EXISTS.because(
          "Provider with url %s already exists.", provider.issuer());
    }
    if (tx.list(IamTables.OIDC_PROVIDERS, account).size() >= OidcProvider.MOST) {
      throw IamError.LIMIT_EXCEEDED.because(
          "Cannot exceed quota for OpenIdConnectProvidersPerAccount: %d", OidcProvider.MOST);
    }
    requireRoom(provider);
    tx.put(IamTables.OIDC_PROVIDERS, account, provider.site(), provider);
    Tags.add(tx, account, provider.arn(account), tags);
  }

  private static void requireRoom(OidcProvider provider) {
    if (provider.clientIds().size() > OidcProvider.MOST_CLIENTS) {
      throw IamError.LIMIT_EXCEEDED.because(
          "Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: %d",
          OidcProvider.MOST_CLIENTS);
    }
  }

  /** Changes a provider. */
  public Empty change(Call call, String arn, UnaryOperator<OidcProvider> change) {
    return iam.state()
        .commit(
            call,
            tx -> {
              OidcProvider changed = change.apply(provider(tx, call.account(), arn));
              requireRoom(changed);
              tx.put(IamTables.OIDC_PROVIDERS, call.account(), changed.site(), changed);
              return new Empty();
            });
  }

  /**
   * Removes a provider, so that roles which trust it open no more sessions; where there is none,
   * that is no error, as on AWS.
   */
  public Empty delete(Call call, String text) {
    Arn arn = arn(text);
    return iam.state()
        .commit(
            call,
            tx -> {
              String site = OidcProvider.site(arn);
              if (OidcProvider.arn(call.account(), site).equals(arn)) {
                tx.delete(IamTables.OIDC_PROVIDERS, call.account(), site);
                Tags.delete(tx, call.account(), arn);
              }
              return new Empty();
            });
  }

  /** All providers of an account, by site. */
  public static List<OidcProvider> all(View view, AccountId account) {
    return view.list(IamTables.OIDC_PROVIDERS, account);
  }
}
