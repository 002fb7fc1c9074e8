// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.plan;

import dev.holdfast.iam.model.LoginProfile;
import dev.holdfast.iam.model.LoginProfile.Derived;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * What is kept of passwords: PBKDF2 with HMAC-SHA512 (RFC 8018), slow by design.
 *
 * @see <a
 *     href="https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#pbkdf2">How
 *     many iterations OWASP asks for</a>
 */
public final class Pbkdf2 {
  /** As many as OWASP asks for with HMAC-SHA512. */
  public static final int ITERATIONS = 210_000;

  private static final int HASH_BITS = 256;

  private Pbkdf2() {}

  /** Derives from a password. */
  public static Derived derive(String password, String salt, int iterations) {
    var spec =
        new PBEKeySpec(
            password.toCharArray(), HexFormat.of().parseHex(salt), iterations, HASH_BITS);
    try {
      byte[] hash =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512").generateSecret(spec).getEncoded();
      return new Derived(iterations, HexFormat.of().formatHex(hash));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every JDK has it
    } finally {
      spec.clearPassword();
    }
  }

  /** Whether both come from one password, in constant time. */
  public static boolean same(Derived one, Derived other) {
    return one.iterations() == other.iterations()
        && MessageDigest.isEqual(
            one.hash().getBytes(StandardCharsets.UTF_8),
            other.hash().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Whether a password is the current one or one of the former ones that a policy forbids.
   *
   * @param derived what is derived from it; it is derived again only where others were derived in
   *     another number of iterations
   */
  public static boolean used(
      String password, Derived derived, LoginProfile profile, int forbidden) {
    var kept = new ArrayList<Derived>();
    kept.add(profile.current());
    kept.addAll(profile.former());
    List<Derived> looked = kept.subList(0, Math.min(forbidden, kept.size()));
    boolean found = false;
    for (int iterations : looked.stream().map(Derived::iterations).distinct().toList()) {
      Derived again =
          iterations == derived.iterations()
              ? derived
              : derive(password, profile.salt(), iterations);
      for (Derived other : looked) {
        found |= same(again, other);
      }
    }
    return found;
  }
}
