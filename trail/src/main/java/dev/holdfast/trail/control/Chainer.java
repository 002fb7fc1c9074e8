// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.trail.control;

import dev.holdfast.service.State;
import dev.holdfast.store.Table;
import dev.holdfast.store.Tx;
import dev.holdfast.store.space.Urgency;
import dev.holdfast.trail.model.Block;
import dev.holdfast.trail.model.Head;
import dev.holdfast.trail.model.TrailTables;
import dev.holdfast.trail.model.TrailTables.Pending;
import dev.holdfast.trail.plan.Chain;
import java.time.Instant;
import java.util.List;

/**
 * Brings pending events into the chain.
 *
 * <p>Pending rows are read outside the transaction and deleted by key inside it, so that the chain
 * never conflicts with the writers it follows.
 */
public final class Chainer {
  private static final int BATCH = 1_000;
  private static final String ONLY = "head";

  private final State state;
  private final HeadSigner signer;

  public Chainer(State state, HeadSigner signer) {
    this.state = state;
    this.signer = signer;
  }

  /** Chains what waits now; true where more may wait. */
  public boolean advance(Instant now) {
    List<Pending> waiting =
        state.read(view -> view.list(TrailTables.PENDING, Table.PLATFORM, List.of(), null, BATCH));
    if (waiting.isEmpty()) {
      return false;
    }
    List<Block.Entry> entries =
        waiting.stream()
            .map(p -> new Block.Entry(p.account(), p.key(), p.hash(), p.read(), false))
            .toList();
    state.own(
        Urgency.VITAL,
        tx -> {
          waiting.forEach(p -> tx.delete(TrailTables.PENDING, Table.PLATFORM, p));
          return link(tx, now, entries);
        });
    return waiting.size() == BATCH;
  }

  /** Adds a block with these events to the chain. */
  Block link(Tx tx, Instant now, List<Block.Entry> entries) {
    Head head = tx.get(TrailTables.HEAD, Table.PLATFORM, ONLY);
    long sequence = head == null ? 1 : head.sequence() + 1;
    Block block = Chain.block(sequence, now, entries, head == null ? Chain.START : head.hash());
    tx.put(TrailTables.BLOCKS, Table.PLATFORM, sequence, block);
    tx.put(
        TrailTables.HEAD,
        Table.PLATFORM,
        ONLY,
        new Head(sequence, block.hash(), signer.sign(Chain.signed(sequence, block.hash()))));
    return block;
  }
}
