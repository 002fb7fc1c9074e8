// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.trail.control;

import dev.holdfast.kit.AccountId;
import dev.holdfast.service.AuditEvent;
import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import dev.holdfast.trail.Verification;
import dev.holdfast.trail.model.Base;
import dev.holdfast.trail.model.Block;
import dev.holdfast.trail.model.EventKey;
import dev.holdfast.trail.model.Head;
import dev.holdfast.trail.model.Removal;
import dev.holdfast.trail.model.Sheet;
import dev.holdfast.trail.model.TrailTables;
import dev.holdfast.trail.model.TrailTables.Row;
import dev.holdfast.trail.plan.Chain;
import dev.holdfast.trail.plan.Keeping;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Checks the whole trail on one state: chain, head, and every event both ways. Of a trail of any
 * length it holds no more in memory than the places of its events.
 */
public final class Verifier {
  private final HeadSigner signer;
  private final Keeping keeping;

  public Verifier(HeadSigner signer, Keeping keeping) {
    this.signer = signer;
    this.keeping = keeping;
  }

  /** Checks the trail of one state; what was kept long enough may be gone. */
  public Verification verify(View view, Instant now) {
    var faults = new ArrayList<String>();
    Base base = base(view, now, faults);
    var chain =
        new Walk(
            base == null ? 0 : base.sequence(), base == null ? Chain.START : base.hash(), faults);
    Set<AccountId> removed = removed(view, faults);
    Set<String> chained = new HashSet<>();
    view.each(
        TrailTables.BLOCKS,
        block -> {
          chain.follow(block);
          for (Block.Entry entry : block.entries()) {
            chained.add(place(entry.account().digits(), entry.key(), entry.sheet()));
            boolean maybeGone = removed.contains(entry.account()) || keeping.over(entry, now);
            check(view, entry, maybeGone, faults);
          }
        });
    head(view, chain.sequence, chain.previous, faults);
    view.each(TrailTables.PENDING, p -> chained.add(place(p.account().digits(), p.key(), false)));
    var events = new AtomicInteger();
    view.each(
        TrailTables.EVENTS,
        row -> {
          events.incrementAndGet();
          requireChained(chained, row.event(), row.key(), false, faults);
        });
    view.each(
        TrailTables.SHEETS,
        sheet -> {
          events.addAndGet(sheet.events().size());
          requireChained(chained, sheet.events().getFirst(), sheet.key(), true, faults);
        });
    return new Verification(
        chain.sequence, events.get(), chain.sequence + ":" + chain.previous, faults);
  }

  private static void requireChained(
      Set<String> chained, AuditEvent event, EventKey key, boolean sheet, List<String> faults) {
    String account = event.document().string("recipientAccountId");
    if (account == null || !chained.contains(place(account, key, sheet))) {
      faults.add("event " + event.id() + " was never chained: it was put in later");
    }
  }

  /** Goes from block to block. */
  private static final class Walk {
    private final List<String> faults;
    private long sequence;
    private String previous;

    Walk(long sequence, String previous, List<String> faults) {
      this.sequence = sequence;
      this.previous = previous;
      this.faults = faults;
    }

    void follow(Block block) {
      sequence++;
      if (block.sequence() != sequence
          || !block.previous().equals(previous)
          || !Chain.intact(block)) {
        faults.add("block " + sequence + " does not follow the one before it");
      }
      sequence = block.sequence();
      previous = block.hash();
    }
  }

  private @Nullable Base base(View view, Instant now, List<String> faults) {
    Base base = view.get(TrailTables.BASE, Table.PLATFORM, "base");
    if (base != null) {
      byte[] signed = Chain.signedBase(base.sequence(), base.hash(), base.newest());
      if (!signer.verify(signed, base.signature())) {
        faults.add("the chain does not begin where its signed base says");
      } else if (!base.newest().isBefore(keeping.horizon(now))) {
        faults.add("events were dropped from the chain's beginning before their time");
      }
    }
    return base;
  }

  private Set<AccountId> removed(View view, List<String> faults) {
    Set<AccountId> removed = new HashSet<>();
    for (Removal removal : view.list(TrailTables.REMOVALS, Table.PLATFORM)) {
      if (signer.verify(
          Chain.signedRemoval(removal.account(), removal.at()), removal.signature())) {
        removed.add(removal.account());
      } else {
        faults.add("the removal of account " + removal.account() + " is not signed");
      }
    }
    return removed;
  }

  private static void check(View view, Block.Entry entry, boolean maybeGone, List<String> faults) {
    String hash = hash(view, entry);
    String what = (entry.sheet() ? "events with " : "event ") + entry.key().id();
    if (hash == null) {
      if (!maybeGone) {
        faults.add(what + " of " + entry.key().time() + " is missing");
      }
    } else if (!hash.equals(entry.hash())) {
      faults.add(what + " of " + entry.key().time() + " was edited");
    }
  }

  /** The hash of what is kept under an entry, or null where nothing is. */
  private static @Nullable String hash(View view, Block.Entry entry) {
    if (entry.sheet()) {
      Sheet sheet = view.get(TrailTables.SHEETS, entry.account(), entry.key());
      return sheet == null ? null : Chain.hash(sheet);
    }
    Row row = view.get(TrailTables.EVENTS, entry.account(), entry.key());
    return row == null ? null : Chain.hash(row);
  }

  private void head(View view, long sequence, String hash, List<String> faults) {
    Head head = view.get(TrailTables.HEAD, Table.PLATFORM, "head");
    if (head == null) {
      if (sequence > 0) {
        faults.add("the head is missing");
      }
    } else if (head.sequence() != sequence
        || !head.hash().equals(hash)
        || !signer.verify(Chain.signed(head.sequence(), head.hash()), head.signature())) {
      faults.add("the chain does not end where its signed head says");
    }
  }

  private static String place(String account, EventKey key, boolean sheet) {
    return (sheet ? "sheet " : "") + account + "/" + String.join("/", key.segments());
  }
}
