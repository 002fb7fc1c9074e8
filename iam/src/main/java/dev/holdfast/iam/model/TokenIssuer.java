// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.model;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The issuer of an account's web identity tokens, by which others know who of the account calls
 * them.
 *
 * @param id in its URL; the same for as long as the account is there
 * @param keys those that sign, and those that signed what may still be good; the newest last
 */
public record TokenIssuer(String id, boolean enabled, List<Key> keys) {
  /** The longest that a token is good for. */
  public static final Duration LONGEST = Duration.ofHours(1);

  /** What a key is published beyond that, for whoever was asking while it was retired. */
  private static final Duration LEEWAY = Duration.ofMinutes(5);

  /**
   * So many keys vouch at once at most: verifiers take some hundred, and each is sent to anybody.
   */
  public static final int MOST_KEYS = 20;

  /**
   * A key.
   *
   * @param algorithm what it signs by, as JSON Web Signatures name it
   * @param jwk its public half as others read it (RFC 7517), which names the key too
   * @param privateKey PKCS #8 in base64; the store seals it. Empty once it is retired
   * @param retired since when it signs nothing more, or null
   */
  public record Key(
      String id, String algorithm, String jwk, String privateKey, @Nullable Instant retired) {
    Key retiredAt(Instant now) {
      return retired == null ? new Key(id, algorithm, jwk, "", now) : this;
    }

    /** Whether a token that it signed may be good still. */
    public boolean vouches(Instant now) {
      return retired == null || now.isBefore(retired.plus(LONGEST).plus(LEEWAY));
    }

    @Override
    public String toString() {
      return "Key[" + id + "]";
    }
  }

  public TokenIssuer {
    keys = List.copyOf(keys);
  }

  /** Issues from now on, by fresh keys; those before vouch for what they signed until it ends. */
  public TokenIssuer enabledBy(List<Key> fresh, Instant now) {
    var all = new ArrayList<Key>();
    keys.stream().filter(key -> key.vouches(now)).map(key -> key.retiredAt(now)).forEach(all::add);
    all.addAll(fresh);
    return new TokenIssuer(id, true, all);
  }

  /** Issues nothing more; what was issued is good until it ends. */
  public TokenIssuer disabledAt(Instant now) {
    return new TokenIssuer(
        id,
        false,
        keys.stream().filter(key -> key.vouches(now)).map(key -> key.retiredAt(now)).toList());
  }

  /** Whether fresh keys would be too many beside those that vouch still. */
  public boolean isFull(Instant now) {
    return keys.stream().filter(key -> key.vouches(now)).count() >= MOST_KEYS;
  }

  /** The key that signs by an algorithm now. */
  public Optional<Key> signing(String algorithm) {
    return keys.stream()
        .filter(key -> key.retired() == null && key.algorithm().equals(algorithm))
        .findFirst();
  }
}
