// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.blob;

import dev.holdfast.registry.model.Digest;
import java.util.List;

/** Which blobs there are, and whether each is what its digest says: all that a check needs. */
public interface BlobInventory {
  /** Every visible blob, in no order. */
  List<Digest> all() throws BlobStoreException;

  /** What a look at all bytes of a blob says. */
  enum Verdict {
    INTACT,
    DAMAGED,
    ABSENT
  }

  /**
   * Reads a blob and compares it with its digest; what cannot be read is damaged too.
   *
   * @throws BlobStoreException where the store itself fails
   */
  Verdict verify(Digest digest) throws BlobStoreException;
}
