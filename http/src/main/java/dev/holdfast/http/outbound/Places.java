// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.http.outbound;

import dev.holdfast.kit.AccountId;
import java.util.HashMap;
import java.util.Map;

/** The places for calls at once: so many in all, and so many of them for one account. */
final class Places {
  private final int all;
  private final int each;
  private int taken;

  /** By account that has some; its own lock guards it and {@code taken}. */
  private final Map<AccountId, Integer> mine = new HashMap<>();

  Places(int all, int each) {
    this.all = all;
    this.each = each;
  }

  /** Takes a place, where there is one. */
  boolean take(AccountId account) {
    synchronized (mine) {
      int had = mine.getOrDefault(account, 0);
      if (had >= each || taken >= all) {
        return false;
      }
      mine.put(account, had + 1);
      taken++;
      return true;
    }
  }

  /** Gives a place back that was taken. */
  void release(AccountId account) {
    synchronized (mine) {
      mine.computeIfPresent(account, (_, had) -> had == 1 ? null : had - 1);
      taken--;
    }
  }
}
