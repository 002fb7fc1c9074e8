// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.kit.AccountId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is worked on at once, shared among accounts by a {@link ShareRule}. Whoever has more to do
 * than its share waits in a queue of its own; an account that floods waits for itself alone.
 */
public final class Shares {

  /** Thrown where an account has more waiting than its share, or waits for too long. */
  public static final class Throttled extends Exception {
    private static final long serialVersionUID = 1;

    Throttled() {
      super("rate exceeded", null, false, false);
    }
  }

  /** A piece of work that goes on; closing it lets the next begin. */
  public interface Turn extends AutoCloseable {
    @Override
    void close();
  }

  private static final class Waiter {
    final Condition moved;
    boolean admitted;

    Waiter(Condition moved) {
      this.moved = moved;
    }
  }

  private static final class Account {
    final ArrayDeque<Waiter> waiters = new ArrayDeque<>();
    int running;
    long last;

    boolean idle() {
      return running == 0 && waiters.isEmpty();
    }
  }

  /** How often accounts are looked through for those that have gone. */
  private static final long PRUNE = Duration.ofMillis(100).toNanos();

  private final ShareRule rule;
  private final int places;
  private final long patience;
  private final long linger;
  private final LongSupplier nanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<AccountId, Account> accounts = new HashMap<>();
  private int running;
  private int waiting;
  private long pruned;

  /**
   * Makes shares that nobody has taken.
   *
   * @param places how many pieces wait, for all accounts
   * @param patience how long one waits
   * @param linger how long an account counts as active after its last piece
   * @param nanos a clock that only goes on
   */
  public Shares(
      ShareRule rule, int places, Duration patience, Duration linger, LongSupplier nanos) {
    this.rule = rule;
    this.places = places;
    this.patience = patience.toNanos();
    this.linger = linger.toNanos();
    this.nanos = nanos;
  }

  /**
   * Begins a piece of work of an account, at once or when it is its turn.
   *
   * @throws Throttled where it would have to wait for too long
   */
  public Turn take(AccountId id) throws Throttled, InterruptedException {
    lock.lock();
    try {
      long now = nanos.getAsLong();
      Account account = accounts.computeIfAbsent(id, _ -> new Account());
      account.last = now;
      int active = active(now);
      if (account.waiters.isEmpty() && rule.admits(running, account.running, active)) {
        account.running++;
        running++;
      } else {
        await(account, active);
      }
      return new Work(account);
    } finally {
      lock.unlock();
    }
  }

  private void await(Account account, int active) throws Throttled, InterruptedException {
    if (waiting >= places || !ShareRule.mayWait(account.waiters.size(), active, places)) {
      throw new Throttled();
    }
    var waiter = new Waiter(lock.newCondition());
    account.waiters.add(waiter);
    waiting++;
    try {
      long left = patience;
      while (!waiter.admitted && left > 0) {
        left = waiter.moved.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      if (!waiter.admitted) {
        throw e;
      }
      Thread.currentThread().interrupt();
    } finally {
      if (!waiter.admitted) {
        account.waiters.remove(waiter);
        waiting--;
      }
    }
    if (!waiter.admitted) {
      throw new Throttled();
    }
  }

  /** Accounts with work, or with some a moment ago. Those that have gone are forgotten. */
  private int active(long now) {
    if (accounts.size() > 1 && now - pruned > PRUNE) {
      pruned = now;
      accounts.values().removeIf(account -> account.idle() && now - account.last > linger);
    }
    return accounts.size();
  }

  /** Lets those begin whose turn it is: of the accounts that may, the one that has least. */
  private void next() {
    int active = active(nanos.getAsLong());
    while (waiting > 0) {
      Account least = null;
      for (Account account : accounts.values()) {
        if (!account.waiters.isEmpty()
            && rule.admits(running, account.running, active)
            && (least == null || account.running < least.running)) {
          least = account;
        }
      }
      if (least == null) {
        return;
      }
      admit(least, least.waiters.poll());
    }
  }

  private void admit(Account account, @Nullable Waiter waiter) {
    if (waiter != null) {
      waiter.admitted = true;
      waiting--;
      account.running++;
      running++;
      waiter.moved.signal();
    }
  }

  private final class Work implements Turn {
    private final Account account;
    private boolean over;

    Work(Account account) {
      this.account = account;
    }

    @Override
    public void close() {
      lock.lock();
      try {
        if (!over) {
          over = true;
          account.running--;
          running--;
          account.last = nanos.getAsLong();
          next();
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
