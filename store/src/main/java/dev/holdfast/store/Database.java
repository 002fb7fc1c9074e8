// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Typed tables over a store: reads of one state, and optimistic transactions.
 *
 * <p>A transaction's function runs on a snapshot; the commit then holds only if nothing it read has
 * changed, else the function runs again on newer facts. So it must be pure: time, ids and
 * randomness are drawn before it, and it touches nothing but its {@link Tx}.
 */
public final class Database {
  private static final int ATTEMPTS = 64;
  private static final int FREE_ATTEMPTS = 4;
  private static final long LONGEST_PAUSE_NANOS = 8_000_000;

  private static final long CACHE_BYTES = 8L << 20;

  private final Store store;
  private final RowCache cache;

  /**
   * Taken by those who lost several times in a row, so that they race only newcomers and not each
   * other. Guards no data.
   */
  private final ReentrantLock queue = new ReentrantLock(true);

  /** The only writer of its store: it keeps rows that it has read. */
  public Database(Store store) {
    this(store, CACHE_BYTES);
  }

  /** As the shorter one, with about so much memory for the rows that it keeps; 0 keeps none. */
  public Database(Store store, long keptBytes) {
    this.store = store;
    this.cache = new RowCache(keptBytes);
  }

  /** Runs reads on one state. The view must not leave the function. */
  public <R extends @Nullable Object> R read(Function<View, R> work) {
    try (Snapshot snapshot = store.read()) {
      return work.apply(new TypedView(new Rows.Of(snapshot, cache)));
    }
  }

  /**
   * Runs a transaction.
   *
   * @param work pure; run again after a conflict
   * @throws StoreUnavailable where the store is, or where too many conflicts came in a row
   */
  public <R extends @Nullable Object> R transact(Function<Tx, R> work) {
    return transactAt(work).result();
  }

  /** Runs a transaction; see {@link #transact}. Also tells its revision. */
  public <R extends @Nullable Object> Committed<R> transactAt(Function<Tx, R> work) {
    for (int attempt = 1; attempt <= FREE_ATTEMPTS; attempt++) {
      try {
        return attempt(work);
      } catch (ConflictException _) {
        pause(attempt);
      }
    }
    queue.lock();
    try {
      for (int attempt = FREE_ATTEMPTS + 1; attempt <= ATTEMPTS; attempt++) {
        try {
          return attempt(work);
        } catch (ConflictException _) {
          pause(1);
        }
      }
    } finally {
      queue.unlock();
    }
    throw new StoreUnavailable("a transaction lost against others " + ATTEMPTS + " times");
  }

  private <R extends @Nullable Object> Committed<R> attempt(Function<Tx, R> work) {
    R result;
    Revision read;
    Commit commit;
    List<Key> touched;
    try (Snapshot snapshot = store.read()) {
      var journal = new Journal(snapshot, cache);
      result = work.apply(new TypedTx(journal));
      read = snapshot.revision();
      commit = journal.commit();
      touched = journal.touched();
    }
    // What was only read was read from one state already: there is nothing left to check.
    return new Committed<>(result, commit.isReadOnly() ? read : commit(commit, touched));
  }

  private Revision commit(Commit commit, List<Key> touched) {
    cache.begin(touched);
    Revision made;
    try {
      made = store.commit(commit);
    } catch (ConflictException e) {
      cache.end(touched, Revision.NONE);
      throw e;
    } catch (StoreFull e) {
      if (e.settled()) {
        cache.end(touched, Revision.NONE);
      }
      throw e;
    }
    // After any other failure nobody knows what the store holds: these keys are not kept again.
    cache.end(touched, made);
    return made;
  }

  private static void pause(int attempt) {
    long most = Math.min(LONGEST_PAUSE_NANOS, 500_000L << attempt);
    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(most));
  }

  /** Watches the rows of tables for the commits after a revision; see {@link Store#watch}. */
  public Changes watch(List<? extends Table<?, ?>> tables, Revision after) {
    return new Changes(store.watch(tables.stream().map(Table::rows).toList(), after));
  }
}
