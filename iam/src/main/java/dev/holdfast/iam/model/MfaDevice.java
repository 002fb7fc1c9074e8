// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.model;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A virtual device of multi-factor authentication: a key that a program on somebody's phone makes
 * codes from (RFC 6238). The codes need the key itself; the store seals it.
 *
 * @param seed the key in base32 (RFC 4648), shown once, when the device is made
 * @param owner whose second factor it is, or null
 */
public record MfaDevice(
    String name,
    String path,
    Instant created,
    String seed,
    @Nullable Owner owner,
    Codes codes,
    Guesses guesses) {
  /** The most devices that a user may have. */
  public static final int MOST_OF_USER = 8;

  /** The most devices that an account may have, in use or not. */
  public static final int MOST_OF_ACCOUNT = 5000;

  /**
   * Whose second factor a device is.
   *
   * @param id the unique id of a user, or the account id for root
   * @param name the user's name now; empty for root
   */
  public record Owner(String id, String name, Instant enabled) {}

  /**
   * Which codes of a device are taken.
   *
   * @param drift by how many steps its clock is ahead of ours; negative where it is behind
   * @param last the last step whose code was taken: that one and those before are never taken again
   */
  public record Codes(long drift, long last) {
    public static final Codes FRESH = new Codes(0, 0);

    /** With the code of one more step used up. */
    public Codes used(long step) {
      return new Codes(drift, step);
    }
  }

  /** A device that is nobody's yet. */
  public static MfaDevice fresh(String name, String path, Instant now, String seed) {
    return new MfaDevice(name, path, now, seed, null, Codes.FRESH, Guesses.NONE);
  }

  /** This device as the second factor of somebody. */
  public MfaDevice of(Owner somebody, Codes from) {
    return new MfaDevice(name, path, created, seed, somebody, from, Guesses.NONE);
  }

  /** This device as nobody's. The codes that were used stay used. */
  public MfaDevice ofNobody() {
    return new MfaDevice(name, path, created, seed, null, codes, guesses);
  }

  /** After a right code. */
  public MfaDevice with(Codes used) {
    return new MfaDevice(name, path, created, seed, owner, used, Guesses.NONE);
  }

  /** After a wrong code. */
  public MfaDevice with(Guesses more) {
    return new MfaDevice(name, path, created, seed, owner, codes, more);
  }

  /** What is unique in the account. */
  public String key() {
    return path + name;
  }

  /** The serial number that AWS gives virtual devices. */
  public Arn arn(AccountId account) {
    return arn(account, path, name);
  }

  public static Arn arn(AccountId account, String path, String name) {
    return Arn.global("iam", account, "mfa" + path + name);
  }

  @Override
  public String toString() {
    return "MfaDevice[" + key() + ", " + owner + "]";
  }
}
