// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.registry.blob.BlobInventory;
import dev.holdfast.registry.model.Digest;
import java.util.List;
import java.util.Set;

/** Blobs that are known to be whole, for checks that only ask which there are. */
record NamedBlobs(Set<Digest> named) implements BlobInventory {
  @Override
  public List<Digest> all() {
    return List.copyOf(named);
  }

  @Override
  public Verdict verify(Digest digest) {
    return named.contains(digest) ? Verdict.INTACT : Verdict.ABSENT;
  }
}
