// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.control;

import dev.holdfast.kit.AccountId;
import dev.holdfast.logs.model.LogTables;
import dev.holdfast.service.State;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many bytes the logs of each account and each group take: counted once, then kept up with what
 * is put and taken. An estimate between two counts, and never less than what is there for long.
 */
public final class Usage {
  private final State state;

  /** Guards all fields below. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Map<AccountId, Long> accounts = new HashMap<>();
  private final Map<String, Long> groups = new HashMap<>();
  private boolean counted;

  public Usage(State state) {
    this.state = state;
  }

  /** Counts anew. */
  public void count() {
    var byAccount = new HashMap<AccountId, Long>();
    var byGroup = new HashMap<String, Long>();
    state.read(
        view -> {
          LogTables.eachStream(
              view,
              stream -> {
                byAccount.merge(stream.account(), stream.bytes(), Long::sum);
                byGroup.merge(
                    key(stream.account(), stream.region().name(), stream.group()),
                    stream.bytes(),
                    Long::sum);
              });
          return byAccount;
        });
    lock.lock();
    try {
      accounts.clear();
      accounts.putAll(byAccount);
      groups.clear();
      groups.putAll(byGroup);
      counted = true;
    } finally {
      lock.unlock();
    }
  }

  private void ensure() {
    lock.lock();
    try {
      if (counted) {
        return;
      }
    } finally {
      lock.unlock();
    }
    count();
  }

  private static String key(AccountId account, String region, String group) {
    return account.digits() + "/" + region + "/" + group;
  }

  /** The bytes of an account. */
  public long of(AccountId account) {
    ensure();
    lock.lock();
    try {
      return accounts.getOrDefault(account, 0L);
    } finally {
      lock.unlock();
    }
  }

  /** The bytes of a group. */
  public long of(AccountId account, String region, String group) {
    ensure();
    lock.lock();
    try {
      return groups.getOrDefault(key(account, region, group), 0L);
    } finally {
      lock.unlock();
    }
  }

  /** Takes note that a group is gone with all that was in it. */
  public void gone(AccountId account, String region, String group) {
    lock.lock();
    try {
      Long bytes = groups.remove(key(account, region, group));
      if (bytes != null) {
        accounts.merge(account, -bytes, Long::sum);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes note of bytes that came, or with a minus went. */
  public void add(AccountId account, String region, String group, long bytes) {
    lock.lock();
    try {
      accounts.merge(account, bytes, Long::sum);
      groups.merge(key(account, region, group), bytes, Long::sum);
    } finally {
      lock.unlock();
    }
  }
}
