// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.trail.control;

import dev.holdfast.kit.AccountId;
import dev.holdfast.service.State;
import dev.holdfast.store.Table;
import dev.holdfast.store.space.Urgency;
import dev.holdfast.trail.model.Head;
import dev.holdfast.trail.model.Removal;
import dev.holdfast.trail.model.TrailTables;
import dev.holdfast.trail.plan.Chain;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** What the trail says about itself: its signed end, and which accounts went. */
public final class Heads {
  private final State state;
  private final HeadSigner signer;
  private final AtomicLong told = new AtomicLong();

  public Heads(State state, HeadSigner signer) {
    this.state = state;
    this.signer = signer;
  }

  /** The signed head as a line of text, where it is another than the last one told. */
  public Optional<String> moved() {
    Head head = state.read(view -> view.get(TrailTables.HEAD, Table.PLATFORM, "head"));
    if (head == null || told.getAndSet(head.sequence()) == head.sequence()) {
      return Optional.empty();
    }
    return Optional.of(head.sequence() + ":" + head.hash() + " " + head.signature());
  }

  /** Keeps that an account's events went with it. */
  public void removed(AccountId account, Instant at) {
    var removal = new Removal(account, at, signer.sign(Chain.signedRemoval(account, at)));
    state.own(
        Urgency.VITAL,
        tx -> {
          tx.put(TrailTables.REMOVALS, Table.PLATFORM, account, removal);
          return removal;
        });
  }
}
