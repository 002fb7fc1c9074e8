// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan.oidc;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.Json.MalformedJson;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The public keys of an identity provider. Keys of other kinds than tokens are signed with, and
 * keys that are too weak or no points of their curve, are left out.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7517">RFC 7517</a>
 */
public final class KeySet {
  /** No key at all. */
  public static final KeySet NONE = new KeySet(List.of());

  /** AWS takes a hundred RSA keys and a hundred of elliptic curves. */
  private static final int MOST = 200;

  /** What comes of a signature. */
  public enum Verdict {
    GOOD,
    BAD,
    /** No key here is the one that the token names. */
    UNKNOWN_KEY
  }

  /**
   * One key.
   *
   * @param kind {@code RSA} or the name of a curve
   */
  private record Entry(
      @Nullable String id, @Nullable String algorithm, String kind, PublicKey key) {}

  private final List<Entry> entries;

  private KeySet(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /** The keys of a JWK set, or empty where the bytes are none. */
  public static Optional<KeySet> parse(byte[] bytes) {
    JsonObject set;
    try {
      set = Json.parseObject(bytes);
    } catch (MalformedJson _) {
      return Optional.empty();
    }
    if (!(set.get("keys") instanceof JsonArray(List<JsonValue> keys)) || keys.size() > MOST) {
      return Optional.empty();
    }
    var entries = new ArrayList<Entry>();
    for (JsonValue key : keys) {
      if (key instanceof JsonObject jwk) {
        entry(jwk).ifPresent(entries::add);
      }
    }
    return Optional.of(new KeySet(entries));
  }

  private static Optional<Entry> entry(JsonObject jwk) {
    String use = jwk.string("use");
    if (use != null && !use.equals("sig")) {
      return Optional.empty();
    }
    return PublicKeys.of(jwk)
        .map(key -> new Entry(jwk.string("kid"), jwk.string("alg"), PublicKeys.kind(jwk), key));
  }

  public int size() {
    return entries.size();
  }

  /**
   * Whether a token was signed by one of these. A token that names no key is taken where there is
   * one key alone that it could be.
   */
  public Verdict judge(Jwt token) {
    List<Entry> fitting = entries.stream().filter(entry -> fits(entry, token)).toList();
    if (fitting.isEmpty() || (token.keyId() == null && fitting.size() > 1)) {
      return Verdict.UNKNOWN_KEY;
    }
    return fitting.stream().anyMatch(entry -> token.isSignedBy(entry.key()))
        ? Verdict.GOOD
        : Verdict.BAD;
  }

  private static boolean fits(Entry entry, Jwt token) {
    String id = token.keyId();
    String algorithm = entry.algorithm();
    return token.algorithm().fits(entry.kind())
        && (algorithm == null || algorithm.equals(token.algorithm().name()))
        && (id == null || id.equals(entry.id()));
  }
}
