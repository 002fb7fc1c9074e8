// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.registry.blob.BlobStore;
import dev.holdfast.registry.model.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Blobs that are known to be there, for checks that only ask which there are. */
record NamedBlobs(Set<Digest> named) implements BlobStore {
  @Override
  public List<Digest> all() {
    return List.copyOf(named);
  }

  @Override
  public Ingest ingest() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<Blob> open(Digest digest) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean delete(Digest digest, Instant since) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean quarantine(Digest digest) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Digest> quarantined() {
    return List.of();
  }

  @Override
  public Verdict verify(Digest digest) {
    return named.contains(digest) ? Verdict.INTACT : Verdict.ABSENT;
  }
}
