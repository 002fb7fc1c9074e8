// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.logs.model;

/** The events of a piece, as {@code PieceCodec} writes them. */
@SuppressWarnings("ArrayRecordComponent")
public record Content(byte[] events) {
  @Override
  public String toString() {
    return "Content[" + events.length + " bytes]";
  }
}
