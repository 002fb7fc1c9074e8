// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.trail.model;

import dev.holdfast.kit.AccountId;
import java.time.Instant;
import java.util.List;

/**
 * A link of the chain: the events of one moment, and the hash of the link before.
 *
 * @param sequence from 1, without gaps
 * @param previous the hash of the block before; 64 zeros for the first
 * @param hash SHA-256 over sequence, previous and entries
 */
public record Block(long sequence, Instant at, List<Entry> entries, String previous, String hash) {
  public Block {
    entries = List.copyOf(entries);
  }

  /**
   * One event in the chain, or one sheet of them.
   *
   * @param read whether the event is of a call that only looked; such events are kept less long
   * @param sheet whether it is a {@link Sheet} of events
   */
  public record Entry(AccountId account, EventKey key, String hash, boolean read, boolean sheet) {}
}
