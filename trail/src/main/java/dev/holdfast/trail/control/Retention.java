// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.trail.control;

import dev.holdfast.service.State;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import dev.holdfast.store.space.Urgency;
import dev.holdfast.trail.model.Base;
import dev.holdfast.trail.model.Block;
import dev.holdfast.trail.model.Sheet;
import dev.holdfast.trail.model.TrailTables;
import dev.holdfast.trail.plan.Chain;
import dev.holdfast.trail.plan.Keeping;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Drops events that were kept long enough, and from the chain's beginning the blocks that hold no
 * event any more. What stays is checked from a signed base on.
 */
public final class Retention {
  private static final int BATCH = 50;

  private final State state;
  private final HeadSigner signer;
  private final Keeping keeping;

  public Retention(State state, HeadSigner signer, Keeping keeping) {
    this.state = state;
    this.signer = signer;
    this.keeping = keeping;
  }

  /**
   * Drops what is over.
   *
   * @return how many events went
   */
  public long prune(Instant now) {
    long gone = 0;
    boolean beginning = true;
    List<Block> blocks = page(null);
    while (!blocks.isEmpty()) {
      for (Block block : blocks) {
        if (!block.at().isBefore(keeping.horizon(now))) {
          return gone;
        }
        boolean empty = block.entries().stream().allMatch(entry -> keeping.over(entry, now));
        beginning &= empty;
        gone += prune(block, now, beginning);
      }
      blocks = page(blocks.getLast().sequence());
    }
    return gone;
  }

  private List<Block> page(@Nullable Long after) {
    return state.read(
        view -> view.list(TrailTables.BLOCKS, Table.PLATFORM, List.of(), after, BATCH));
  }

  private int prune(Block block, Instant now, boolean whole) {
    return state.<Integer>own(
        Urgency.VITAL,
        tx -> {
          int gone = 0;
          for (Block.Entry entry : block.entries()) {
            if (keeping.over(entry, now)) {
              gone += drop(tx, entry);
            }
          }
          if (whole) {
            tx.delete(TrailTables.BLOCKS, Table.PLATFORM, block.sequence());
            tx.put(TrailTables.BASE, Table.PLATFORM, "base", base(block));
          }
          return gone;
        });
  }

  /** Drops what an entry tells of; returns how many events that were. */
  private static int drop(Tx tx, Block.Entry entry) {
    if (entry.sheet()) {
      Sheet sheet = tx.get(TrailTables.SHEETS, entry.account(), entry.key());
      tx.delete(TrailTables.SHEETS, entry.account(), entry.key());
      return sheet == null ? 0 : sheet.events().size();
    }
    boolean there = tx.get(TrailTables.EVENTS, entry.account(), entry.key()) != null;
    tx.delete(TrailTables.EVENTS, entry.account(), entry.key());
    return there ? 1 : 0;
  }

  private Base base(Block block) {
    Instant newest =
        block.entries().stream()
            .map(entry -> entry.key().time())
            .max(Instant::compareTo)
            .orElse(block.at());
    byte[] signed = Chain.signedBase(block.sequence(), block.hash(), newest);
    return new Base(block.sequence(), block.hash(), newest, signer.sign(signed));
  }
}
