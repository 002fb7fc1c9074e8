// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.model;

import dev.holdfast.kit.AccountId;

/**
 * Some events of a stream that are kept together, compressed; they lie beside it as a {@link
 * Content}.
 *
 * @param stream the stream's id
 * @param number of its first event; the others follow without a gap
 * @param first milliseconds of its oldest event
 * @param last milliseconds of its newest event
 * @param raw bytes of its messages, and 26 more for each as AWS counts
 * @param bytes compressed
 */
public record Piece(
    AccountId account,
    String stream,
    long number,
    int count,
    long first,
    long last,
    long raw,
    int bytes) {

  /** The number of the event after its last one. */
  public long end() {
    return number + count;
  }
}
