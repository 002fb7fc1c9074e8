// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.issue;

import dev.holdfast.http.Exchange;
import dev.holdfast.http.Exchange.Header;
import dev.holdfast.iam.control.issue.TokenIssuers;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.TokenIssuer;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Route;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What issuers publish, unsigned as everywhere: the discovery document and the public keys of
 * whoever has the issuer's whole URL. Nothing is told of who is there and who is not.
 *
 * @see <a href="https://openid.net/specs/openid-connect-discovery-1_0.html">OpenID Connect
 *     Discovery</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7517">RFC 7517</a>
 */
public record IssuerSite(TokenIssuers issuers) {
  private static final Pattern PATH =
      Pattern.compile(
          Pattern.quote(TokenIssuers.PREFIX)
              + "([0-9]{12})/([0-9a-f-]{36})/\\.well-known/(openid-configuration|jwks\\.json)");

  public Route route() {
    return new Route(TokenIssuers.PREFIX, this::handle, true);
  }

  private void handle(Exchange exchange) throws IOException {
    if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
      respond(exchange, 405, JsonObject.EMPTY.with("message", "GET only"));
      return;
    }
    Optional<JsonObject> document = document(exchange.rawPath());
    if (document.isPresent()) {
      respond(exchange, 200, document.get());
    } else {
      respond(exchange, 404, JsonObject.EMPTY.with("message", "nothing is served at this path"));
    }
  }

  private Optional<JsonObject> document(String path) {
    Matcher asked = PATH.matcher(path);
    if (!asked.matches()) {
      return Optional.empty();
    }
    var account = new AccountId(asked.group(1));
    Instant now = issuers.iam().clock().instant();
    TokenIssuer issuer =
        issuers
            .iam()
            .state()
            .read(view -> view.get(IamTables.TOKEN_ISSUERS, account, asked.group(2)));
    if (issuer == null) {
      return Optional.empty();
    }
    return Optional.of(
        asked.group(3).startsWith("jwks") ? keys(issuer, now) : configuration(account, issuer));
  }

  private static JsonObject keys(TokenIssuer issuer, Instant now) {
    List<JsonValue> keys =
        issuer.keys().stream()
            .filter(key -> key.vouches(now))
            .map(key -> Json.parse(key.jwk()))
            .toList();
    return JsonObject.EMPTY.with("keys", new JsonArray(keys));
  }

  private JsonObject configuration(AccountId account, TokenIssuer issuer) {
    String url = issuers.url(account, issuer);
    return JsonObject.EMPTY
        .with("issuer", url)
        .with("jwks_uri", url + "/.well-known/jwks.json")
        .with("response_types_supported", JsonArray.ofStrings(List.of("id_token")))
        .with("subject_types_supported", JsonArray.ofStrings(List.of("public")))
        .with(
            "id_token_signing_alg_values_supported", JsonArray.ofStrings(List.of("RS256", "ES384")))
        .with(
            "claims_supported",
            JsonArray.ofStrings(List.of("iss", "aud", "sub", "iat", "exp", "jti")));
  }

  private static void respond(Exchange exchange, int status, JsonObject body) throws IOException {
    exchange.respond(
        status,
        List.of(
            new Header("Content-Type", "application/json"),
            new Header("Cache-Control", status == 200 ? "public, max-age=300" : "no-store"),
            new Header("X-Content-Type-Options", "nosniff")),
        Json.bytes(body));
  }
}
