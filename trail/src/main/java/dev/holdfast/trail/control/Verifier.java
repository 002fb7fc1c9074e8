// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.trail.control;

import dev.holdfast.service.State;
import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import dev.holdfast.trail.Verification;
import dev.holdfast.trail.model.Block;
import dev.holdfast.trail.model.EventKey;
import dev.holdfast.trail.model.Head;
import dev.holdfast.trail.model.TrailTables;
import dev.holdfast.trail.model.TrailTables.Row;
import dev.holdfast.trail.plan.Chain;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks the whole trail on one state: chain, head, and every event both ways. */
public final class Verifier {
  private final State state;
  private final HeadSigner signer;

  public Verifier(State state, HeadSigner signer) {
    this.state = state;
    this.signer = signer;
  }

  public Verification verify() {
    return state.read(this::verify);
  }

  private Verification verify(View view) {
    var faults = new ArrayList<String>();
    Set<String> chained = new HashSet<>();
    String previous = Chain.START;
    long sequence = 0;
    for (Block block : view.list(TrailTables.BLOCKS, Table.PLATFORM)) {
      sequence++;
      if (block.sequence() != sequence
          || !block.previous().equals(previous)
          || !Chain.intact(block)) {
        faults.add("block " + sequence + " does not follow the one before it");
      }
      sequence = block.sequence();
      previous = block.hash();
      block.entries().forEach(entry -> check(view, entry, faults, chained));
    }
    head(view, sequence, previous, faults);
    view.list(TrailTables.PENDING, Table.PLATFORM)
        .forEach(p -> chained.add(place(p.account().digits(), p.key())));
    List<Row> rows = view.all(TrailTables.EVENTS);
    for (Row row : rows) {
      String account = row.event().document().string("recipientAccountId");
      if (account == null || !chained.contains(place(account, row.key()))) {
        faults.add("event " + row.event().id() + " was never chained: it was put in later");
      }
    }
    return new Verification(sequence, rows.size(), sequence + ":" + previous, faults);
  }

  private static void check(
      View view, Block.Entry entry, List<String> faults, Set<String> chained) {
    chained.add(place(entry.account().digits(), entry.key()));
    Row row = view.get(TrailTables.EVENTS, entry.account(), entry.key());
    if (row == null) {
      faults.add("event " + entry.key().id() + " of " + entry.key().time() + " is missing");
    } else if (!Chain.hash(row).equals(entry.hash())) {
      faults.add("event " + entry.key().id() + " of " + entry.key().time() + " was edited");
    }
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

  private static String place(String account, EventKey key) {
    return account + "/" + String.join("/", key.segments());
  }
}
