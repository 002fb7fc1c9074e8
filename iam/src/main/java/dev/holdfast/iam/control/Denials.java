// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.KeptDenial;
import dev.holdfast.kit.AccountId;
import dev.holdfast.service.State;
import dev.holdfast.store.StoreFull;
import dev.holdfast.store.StoreUnavailable;
import dev.holdfast.store.Table;
import dev.holdfast.store.space.Urgency;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The explanations of denials, by authorization id. They are written behind the answer, within
 * moments: what was denied, and why, stands in the audit trail anyway. Where denials come faster
 * than they can be written, the oldest unwritten ones are dropped, of the account whose take the
 * most memory. At most {@value #MOST_KEPT} are kept for long; no account's push out those of
 * another that has fewer.
 */
public final class Denials {
  private static final System.Logger LOG = System.getLogger("iam");

  /** Characters of what waits, of which a denial takes the least of a share at any rate. */
  private static final long MOST_WAITING = 16L * 1024 * 1024;

  private static final int LEAST_SHARE = 16 * 1024;
  private static final int MOST_KEPT = 20_000;
  private static final int BATCH = 500;
  private static final Pattern ID = Pattern.compile("[0-9a-f-]{36}");

  private final State state;

  /** What waits to be written; its own lock, which guards the next two as well. */
  private final Map<String, KeptDenial> waiting = new LinkedHashMap<>();

  private long room = MOST_WAITING;
  private boolean writing;

  public Denials(State state) {
    this.state = state;
  }

  void keep(KeptDenial denial) {
    synchronized (waiting) {
      waiting.put(denial.id(), denial);
      room -= size(denial);
      while (room < 0) {
        dropOne();
      }
      if (writing) {
        return;
      }
      writing = true;
    }
    Thread.ofVirtual().name("denials").start(this::write);
  }

  /** Makes room: whose account has the most waiting loses its oldest. */
  private void dropOne() {
    var accounts = new HashMap<String, Long>();
    waiting.values().forEach(d -> accounts.merge(account(d), size(d), Long::sum));
    long most = Collections.max(accounts.values());
    waiting.values().stream()
        .filter(denial -> accounts.getOrDefault(account(denial), 0L) == most)
        .findFirst()
        .ifPresent(this::drop);
  }

  private void drop(KeptDenial denial) {
    if (waiting.remove(denial.id()) != null) {
      room += size(denial);
    }
  }

  private static long size(KeptDenial denial) {
    String message = denial.message();
    return Math.max(LEAST_SHARE, denial.text().length() + (message == null ? 0 : message.length()));
  }

  private static String account(KeptDenial denial) {
    return String.valueOf(denial.account());
  }

  private void write() {
    for (List<KeptDenial> batch = next(); !batch.isEmpty(); batch = next()) {
      List<KeptDenial> denials = batch;
      try {
        state.own(
            Urgency.ORDINARY,
            tx -> {
              denials.forEach(d -> tx.put(IamTables.DENIALS, Table.PLATFORM, d.id(), d));
              return denials.size();
            });
      } catch (StoreFull e) {
        LOG.log(Level.DEBUG, "explanations of denials are not kept while the disk is full", e);
      } catch (StoreUnavailable e) {
        LOG.log(Level.WARNING, "explanations of denials could not be written", e);
      } catch (RuntimeException e) {
        // Whatever it was: the next ones are to be written.
        LOG.log(Level.ERROR, "explanations of denials were not written", e);
      }
      synchronized (waiting) {
        denials.forEach(this::drop);
      }
    }
  }

  /** What waits now; where nothing does, nobody writes any more. */
  private List<KeptDenial> next() {
    synchronized (waiting) {
      writing = !waiting.isEmpty();
      return waiting.values().stream().limit(BATCH).toList();
    }
  }

  /** The explanation, for whoever operates the machine. */
  public Optional<String> find(String id) {
    return denial(id).map(KeptDenial::text);
  }

  /** What the people of an account may read of a denial of theirs; empty for any other text. */
  public Optional<String> message(AccountId account, String id) {
    return ID.matcher(id).matches()
        ? denial(id).filter(d -> account.equals(d.account())).map(KeptDenial::message)
        : Optional.empty();
  }

  private Optional<KeptDenial> denial(String id) {
    synchronized (waiting) {
      KeptDenial denial = waiting.get(id);
      if (denial != null) {
        return Optional.of(denial);
      }
    }
    return Optional.ofNullable(state.read(view -> view.get(IamTables.DENIALS, Table.PLATFORM, id)));
  }

  /** What is looked at of a row to know whether it goes. */
  private record Age(String id, Instant at, String account) {}

  /**
   * Forgets denials from before an instant, and of too many the oldest: of those accounts that have
   * more than their share, so that nobody's denials push out another's.
   *
   * @return how many
   */
  public int forget(Instant before) {
    var young = new ArrayList<Age>();
    List<String> gone = new ArrayList<>();
    for (Age age : ages()) {
      if (age.at().isBefore(before)) {
        gone.add(age.id());
      } else {
        young.add(age);
      }
    }
    gone.addAll(tooMany(young));
    for (int from = 0; from < gone.size(); from += BATCH) {
      List<String> some = gone.subList(from, Math.min(gone.size(), from + BATCH));
      state.own(
          Urgency.VITAL,
          tx -> {
            some.forEach(id -> tx.delete(IamTables.DENIALS, Table.PLATFORM, id));
            return some.size();
          });
    }
    return gone.size();
  }

  private static List<String> tooMany(List<Age> kept) {
    var accounts = new HashMap<String, List<Age>>();
    kept.forEach(age -> accounts.computeIfAbsent(age.account(), _ -> new ArrayList<>()).add(age));
    int share = share(accounts.values().stream().map(List::size).toList());
    List<String> gone = new ArrayList<>();
    for (List<Age> ages : accounts.values()) {
      ages.sort(Comparator.comparing(Age::at));
      ages.subList(0, Math.max(0, ages.size() - share)).forEach(age -> gone.add(age.id()));
    }
    return gone;
  }

  /** The most that each account may keep, so that all of them together keep no more than fits. */
  private static int share(List<Integer> sizes) {
    List<Integer> sorted = sizes.stream().sorted().toList();
    int left = MOST_KEPT;
    for (int i = 0; i < sorted.size(); i++) {
      int equal = left / (sorted.size() - i);
      if (sorted.get(i) > equal) {
        return equal;
      }
      left -= sorted.get(i);
    }
    return MOST_KEPT;
  }

  /** All rows, of which a page is held at a time: their texts are long. */
  private List<Age> ages() {
    var ages = new ArrayList<Age>();
    List<Age> page = page(null);
    while (!page.isEmpty()) {
      ages.addAll(page);
      page = page(page.getLast().id());
    }
    return ages;
  }

  private List<Age> page(@Nullable String after) {
    return state.read(
        view ->
            view.list(IamTables.DENIALS, Table.PLATFORM, List.of(), after, BATCH).stream()
                .map(denial -> new Age(denial.id(), denial.at(), account(denial)))
                .toList());
  }
}
