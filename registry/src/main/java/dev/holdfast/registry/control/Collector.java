// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.control;

import dev.holdfast.registry.blob.BlobStore;
import dev.holdfast.registry.blob.BlobStoreException;
import dev.holdfast.registry.model.BlobLink;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.registry.model.RegistryTables;
import dev.holdfast.service.State;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Deletes blobs that no repository holds. Nothing is stopped meanwhile: a push publishes its blob
 * before it links it, so only blobs older than a day, far longer than that moment, are looked at,
 * and the blob store checks the age again under a lock when it deletes.
 */
public final class Collector {
  /** How long a blob stays without a repository. */
  private static final Duration GRACE = Duration.ofDays(1);

  private final State state;
  private final BlobStore blobs;
  private final InstantSource clock;

  public Collector(State state, BlobStore blobs, InstantSource clock) {
    this.state = state;
    this.blobs = blobs;
    this.clock = clock;
  }

  /**
   * Collects once.
   *
   * @return how many blobs went
   */
  public int collect() throws BlobStoreException {
    Instant since = clock.instant().minus(GRACE);
    var candidates = blobs.all();
    Set<Digest> held =
        state.read(
            view ->
                view.all(RegistryTables.LINKS).stream()
                    .map(BlobLink::digest)
                    .collect(Collectors.toSet()));
    int gone = 0;
    for (Digest digest : candidates) {
      if (!held.contains(digest) && blobs.delete(digest, since)) {
        gone++;
      }
    }
    return gone;
  }
}
