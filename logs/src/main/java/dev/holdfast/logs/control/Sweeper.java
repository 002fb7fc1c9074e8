// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.control;

import dev.holdfast.kit.AccountId;
import dev.holdfast.logs.model.LogGroup;
import dev.holdfast.logs.model.LogStream;
import dev.holdfast.logs.model.LogTables;
import dev.holdfast.logs.model.Piece;
import dev.holdfast.logs.model.Removal;
import dev.holdfast.service.State;
import dev.holdfast.store.Tx;
import dev.holdfast.store.space.Urgency;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Takes away what is kept no longer: events beyond their group's retention, the pieces of deleted
 * streams, and the oldest events of an account that takes more than it may.
 */
public final class Sweeper {
  private static final System.Logger LOG = System.getLogger("logs");

  /** So many pieces go in one commit. */
  private static final int PAGE = 200;

  private final State state;
  private final Keeper keeper;
  private final Usage usage;

  /** Held while an account is trimmed: one does it, the others go on. */
  private final ReentrantLock trimming = new ReentrantLock();

  /** Guards {@code dropped}. */
  private final ReentrantLock lock = new ReentrantLock();

  /** How many events of which account went before their time, since the start. */
  private final Map<AccountId, Long> dropped =
      new TreeMap<>(java.util.Comparator.comparing(AccountId::digits));

  public Sweeper(State state, Keeper keeper, Usage usage) {
    this.state = state;
    this.keeper = keeper;
    this.usage = usage;
  }

  /** Does all that is due. */
  public void run(Instant now) {
    removals();
    for (LogGroup group : groups()) {
      expire(group, now);
    }
    usage.count();
  }

  private List<LogGroup> groups() {
    var groups = new ArrayList<LogGroup>();
    state.read(
        view -> {
          LogTables.eachGroup(view, groups::add);
          return groups;
        });
    return groups.stream().filter(group -> group.retention() != null).toList();
  }

  /** Takes away what is left of deleted streams. */
  public void removals() {
    var removals = new ArrayList<Removal>();
    state.read(
        view -> {
          LogTables.eachRemoval(view, removals::add);
          return removals;
        });
    removals.forEach(this::remove);
  }

  private void remove(Removal removal) {
    boolean more = true;
    while (more) {
      more =
          state.own(
              Urgency.VITAL,
              tx -> {
                List<Piece> page =
                    LogTables.pieces(tx, removal.account(), removal.stream(), 0, PAGE);
                page.forEach(piece -> LogTables.delete(tx, piece));
                if (page.size() < PAGE) {
                  LogTables.done(tx, removal);
                }
                return page.size() == PAGE;
              });
    }
  }

  private void expire(LogGroup group, Instant now) {
    long keptFrom = group.keptFrom(now);
    String after = null;
    List<LogStream> page;
    do {
      String last = after;
      page = state.read(view -> LogTables.streams(view, group, last, PAGE));
      for (LogStream stream : page) {
        expire(group, stream, keptFrom);
        after = stream.name();
      }
    } while (page.size() == PAGE);
  }

  private void expire(LogGroup group, LogStream seen, long keptFrom) {
    boolean more = seen.firstEvent() != null && seen.firstEvent() < keptFrom;
    while (more) {
      more = state.own(Urgency.VITAL, tx -> expired(tx, group, seen, keptFrom));
    }
    Long used = seen.lastIngestion() == null ? seen.created().toEpochMilli() : seen.lastIngestion();
    if (used < keptFrom) {
      state.own(
          Urgency.VITAL,
          tx -> {
            LogStream now = current(tx, group, seen);
            if (now != null
                && now.bytes() == 0
                && java.util.Objects.equals(now.lastIngestion(), seen.lastIngestion())) {
              LogTables.delete(tx, now);
            }
            return keptFrom;
          });
    }
  }

  private static @Nullable LogStream current(Tx tx, LogGroup group, LogStream seen) {
    LogStream now =
        LogTables.stream(tx, group.account(), group.region(), group.name(), seen.name());
    return now != null && now.id().equals(seen.id()) ? now : null;
  }

  /** Takes a page of expired pieces; true where there may be more. */
  private static boolean expired(Tx tx, LogGroup group, LogStream seen, long keptFrom) {
    LogStream now = current(tx, group, seen);
    if (now == null) {
      return false;
    }
    List<Piece> gone =
        LogTables.pieces(tx, now.account(), now.id()).stream()
            .filter(piece -> piece.last() < keptFrom)
            .limit(PAGE)
            .toList();
    if (!gone.isEmpty()) {
      LogTables.put(tx, Keeper.without(tx, now, gone, false));
    }
    return gone.size() == PAGE;
  }

  /** Brings an account back below its limit, unless another thread is at it. */
  public void trim(AccountId account) {
    if (!trimming.tryLock()) {
      return;
    }
    try {
      long lost = 0;
      List<Gone> gone = List.of();
      do {
        gone = state.own(Urgency.ORDINARY, tx -> trim(tx, account));
        for (Gone one : gone) {
          lost += one.events();
          usage.add(account, one.region(), one.group(), -one.bytes());
        }
      } while (!gone.isEmpty() && usage.of(account) > keeper.lowered());
      if (lost > 0) {
        told(account, lost);
      }
    } finally {
      trimming.unlock();
    }
  }

  /** What was given up of a stream; one that is deleted already counts for nothing. */
  private record Gone(String region, String group, long bytes, long events) {}

  /** Takes the oldest pieces of an account; nothing where there are none. */
  private static List<Gone> trim(Tx tx, AccountId account) {
    var byStream = new LinkedHashMap<String, List<Piece>>();
    for (Piece piece : Keeper.oldest(tx, account)) {
      byStream.computeIfAbsent(piece.stream(), _ -> new ArrayList<>()).add(piece);
    }
    var gone = new ArrayList<Gone>();
    for (Map.Entry<String, List<Piece>> one : byStream.entrySet()) {
      LogStream stream = LogTables.byId(tx, account, one.getKey());
      if (stream == null) {
        one.getValue().forEach(piece -> LogTables.delete(tx, piece));
        gone.add(new Gone("", "", 0, 0));
      } else {
        LogStream left = Keeper.without(tx, stream, one.getValue(), true);
        LogTables.put(tx, left);
        gone.add(
            new Gone(
                stream.region().name(),
                stream.group(),
                stream.bytes() - left.bytes(),
                left.dropped() - stream.dropped()));
      }
    }
    return gone;
  }

  /** Takes note of events that went before their time. */
  public void told(AccountId account, long events) {
    long all;
    lock.lock();
    try {
      all = dropped.merge(account, events, Long::sum);
    } finally {
      lock.unlock();
    }
    LOG.log(
        Level.WARNING,
        "{0} log events of account {1} were dropped to keep its limit; {2} since the start",
        events,
        account.digits(),
        all);
  }

  /** What was dropped since the start, for the operator. */
  public List<String> warnings() {
    lock.lock();
    try {
      return dropped.entrySet().stream()
          .map(
              one ->
                  "logs: the %d oldest events of account %s were dropped: a stream holds %d MiB and an account %d MiB, compressed; set a retention (aws logs put-retention-policy), or delete log groups"
                      .formatted(
                          one.getValue(),
                          one.getKey().digits(),
                          keeper.limits().streamBytes() >> 20,
                          keeper.limits().accountBytes() >> 20))
          .toList();
    } finally {
      lock.unlock();
    }
  }
}
