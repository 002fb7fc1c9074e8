// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.store.Changes;
import dev.holdfast.store.Database;
import dev.holdfast.store.Revision;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import dev.holdfast.store.space.Urgency;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * State as services use it: whatever a call changes carries the call's audit event with it. While
 * the disk is full only what {@link Vital} lists is changed, and what says of itself that it is.
 */
public final class State {
  private final Database database;
  private final Admission admission;

  /** Lets a commit go on, or not; see {@link dev.holdfast.store.space.Reserve#admit}. */
  public interface Admission {
    /** Throws {@link dev.holdfast.store.StoreFull} where there is no space for it. */
    void admit(Urgency urgency);
  }

  /** State on a disk without end. */
  public State(Database database) {
    this(database, _ -> {});
  }

  public State(Database database, Admission admission) {
    this.database = database;
    this.admission = admission;
  }

  public <R extends @Nullable Object> R read(Function<View, R> work) {
    return database.read(work);
  }

  /**
   * Changes state for a call, in one commit with its audit event. An operation commits once; where
   * the result is the operation's output, the event shows it as {@code responseElements}.
   *
   * @param work pure: it may run again after a conflict
   */
  public <R extends @Nullable Object> R commit(Call call, Function<Tx, R> work) {
    admission.admit(Vital.urgency(call.record()));
    boolean first = !call.record().written();
    R result =
        database.transact(
            tx -> {
              R done = work.apply(tx);
              if (first) {
                call.record().stage(tx, call, done);
              }
              return done;
            });
    call.record().committed();
    return result;
  }

  /** Changes state on the platform's own behalf; it waits while the disk is full. */
  public <R extends @Nullable Object> R own(Function<Tx, R> work) {
    return own(Urgency.ORDINARY, work);
  }

  /**
   * As {@link #own(Function)}, and how far it may reach into the reserve. What is vital here is
   * what {@link Vital} says of calls: what stops, revokes or frees, signing in, and the agents'
   * reports; and what a start needs.
   */
  public <R extends @Nullable Object> R own(Urgency urgency, Function<Tx, R> work) {
    admission.admit(urgency);
    return database.transact(work);
  }

  public Changes watch(List<? extends Table<?, ?>> tables, Revision after) {
    return database.watch(tables, after);
  }
}
