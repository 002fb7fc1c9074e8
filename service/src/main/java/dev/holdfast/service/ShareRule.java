// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

/**
 * Decides whether one more piece of an account's work begins now. An account that is alone has all
 * the room; where several are active each has an equal share, and what one leaves the others may
 * use. Pure.
 *
 * @param room how much is worked on at once for one account that is alone
 * @param busy how much is worked on at once for all while several are active; beyond it an account
 *     has its share and no more
 * @param least the smallest share, however many accounts there are
 */
public record ShareRule(int room, int busy, int least) {
  public ShareRule {
    if (least < 1 || busy < least || room < busy) {
      throw new IllegalArgumentException("a share is at least 1, busy at least a share, room busy");
    }
  }

  /** An account's share of what is worked on while {@code active} are active. */
  public int share(int active) {
    return Math.max(least, busy / Math.max(1, active));
  }

  /**
   * Whether an account's next piece begins.
   *
   * @param running of all accounts
   * @param own of this account
   * @param active accounts with work now, or a moment ago; this one included
   */
  public boolean admits(int running, int own, int active) {
    if (active <= 1) {
      return own < room;
    }
    return own < share(active) || (running < busy && own < room);
  }

  /** Whether an account's next piece may wait, of {@code waiting} places for all. */
  public static boolean mayWait(int own, int active, int waiting) {
    return own < Math.max(1, waiting / Math.max(1, active));
  }
}
