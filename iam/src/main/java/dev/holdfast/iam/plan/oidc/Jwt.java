// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan.oidc;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.Json.MalformedJson;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A signed JSON Web Token in its compact form, taken apart. Nothing that it says is proved before
 * {@link #isSignedBy}. There is one way to write a token: other spellings of base64, members twice,
 * and header parameters that must be understood ({@code crit}) are refused.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7515">RFC 7515</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8725">RFC 8725</a>
 */
public final class Jwt {
  /** The longest token that AWS takes. */
  public static final int LONGEST = 20_000;

  private static final String NO_JWT =
      "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access"
          + " Token)";

  private final Algorithm algorithm;
  private final @Nullable String keyId;
  private final JsonObject claims;
  private final byte[] text;
  private final byte[] signature;

  private Jwt(
      Algorithm algorithm,
      @Nullable String keyId,
      JsonObject claims,
      byte[] text,
      byte[] signature) {
    this.algorithm = algorithm;
    this.keyId = keyId;
    this.claims = claims;
    this.text = text;
    this.signature = signature;
  }

  /**
   * Takes a token apart.
   *
   * @throws TokenFault where it is none, or is signed in a way that proves nothing
   */
  public static Jwt parse(String token) {
    if (token.length() > LONGEST) {
      throw invalid();
    }
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      throw invalid();
    }
    JsonObject header = object(parts[0]);
    Algorithm algorithm =
        Algorithm.named(text(header, "alg"))
            .orElseThrow(
                () -> TokenFault.of(TokenFault.Kind.INVALID, "Invalid signature algorithm."));
    if (header.get("crit") != null || header.get("b64") != null) {
      throw invalid();
    }
    return new Jwt(
        algorithm,
        header.get("kid") == null ? null : text(header, "kid"),
        object(parts[1]),
        (parts[0] + '.' + parts[1]).getBytes(StandardCharsets.US_ASCII),
        bytes(parts[2]));
  }

  private static TokenFault invalid() {
    return TokenFault.of(TokenFault.Kind.INVALID, "%s", NO_JWT);
  }

  private static String text(JsonObject header, String name) {
    if (header.get(name) instanceof JsonString(String value) && value.length() <= 1024) {
      return value;
    }
    throw invalid();
  }

  private static JsonObject object(String part) {
    try {
      JsonValue value = Json.parse(bytes(part));
      if (value instanceof JsonObject object) {
        return object;
      }
    } catch (MalformedJson _) {
      // said below
    }
    throw invalid();
  }

  private static byte[] bytes(String part) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(part);
    } catch (IllegalArgumentException _) {
      throw invalid();
    }
    if (bytes.length == 0
        || !Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part)) {
      throw invalid();
    }
    return bytes;
  }

  /** What it claims. */
  JsonObject claims() {
    return claims;
  }

  /** Who it claims to be from, or empty text. */
  public String issuer() {
    return claims.get("iss") instanceof JsonString(String issuer) ? issuer : "";
  }

  /** The id of the key that it says it was signed with, or null. */
  @Nullable String keyId() {
    return keyId;
  }

  Algorithm algorithm() {
    return algorithm;
  }

  /** Whether the key signed this, in the way that the token says. */
  boolean isSignedBy(PublicKey key) {
    return algorithm.verifies(key, text, signature);
  }
}
