// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.backup;

import java.time.Instant;
import java.util.List;

/**
 * What an installation was at one moment: the state, and every blob that it names.
 *
 * @param id sorts by time: {@code 20261125T213000123Z-1a2b3c}
 * @param version of the Holdfast that wrote it
 * @param installation the id of the installation
 * @param revision the newest that is in it
 */
public record Cut(
    String id,
    Instant at,
    String version,
    String installation,
    String profile,
    long revision,
    List<Piece> pieces) {
  public Cut {
    pieces = List.copyOf(pieces);
  }

  /**
   * The file of a name.
   *
   * @throws DamagedBackup where there is none
   */
  public Piece piece(String name) throws DamagedBackup {
    return pieces.stream()
        .filter(piece -> piece.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new DamagedBackup("the backup " + id + " lacks " + name));
  }

  public List<Piece> blobs() {
    return pieces.stream().filter(Piece::isBlob).toList();
  }

  public List<Piece> files() {
    return pieces.stream().filter(piece -> !piece.isBlob()).toList();
  }

  /** In bytes. */
  public long size() {
    return pieces.stream().mapToLong(Piece::size).sum();
  }
}
