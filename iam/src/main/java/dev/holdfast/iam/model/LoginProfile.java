// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A user's password, as far as it is kept: what it is compared with.
 *
 * @param userId the unique id of the user
 * @param salt 16 random bytes in hex, of this profile alone. Its former passwords have the same, so
 *     that one derivation tells whether a new one is any of them
 * @param current what is derived from the password
 * @param set when it was set
 * @param former those before, newest first
 */
public record LoginProfile(
    String userId,
    Instant created,
    String salt,
    Derived current,
    Instant set,
    List<Derived> former,
    State state) {
  /** The most former passwords that a policy may forbid, which are kept. */
  public static final int MOST_FORMER = 24;

  /**
   * What is derived from a password by PBKDF2 with HMAC-SHA512 (RFC 8018).
   *
   * @param hash 32 bytes in hex
   */
  public record Derived(int iterations, String hash) {
    @Override
    public String toString() {
      return "Derived[" + iterations + ", ***]";
    }
  }

  /**
   * What changes without another password.
   *
   * @param resetRequired whether the user has to set another one
   */
  public record State(boolean resetRequired, Guesses guesses) {}

  public LoginProfile {
    former = List.copyOf(former);
  }

  /** With another password. */
  public LoginProfile with(Derived password, Instant now, boolean resetRequired) {
    var before = new ArrayList<Derived>();
    before.add(current);
    before.addAll(former.subList(0, Math.min(former.size(), MOST_FORMER - 1)));
    return new LoginProfile(
        userId, created, salt, password, now, before, new State(resetRequired, Guesses.NONE));
  }

  public LoginProfile with(State other) {
    return new LoginProfile(userId, created, salt, current, set, former, other);
  }

  @Override
  public String toString() {
    return "LoginProfile[" + userId + "]";
  }
}
