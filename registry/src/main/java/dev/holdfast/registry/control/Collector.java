// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.control;

import dev.holdfast.registry.blob.BlobStore;
import dev.holdfast.registry.blob.BlobStoreException;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.registry.model.Images;
import dev.holdfast.registry.model.RegistryTables;
import dev.holdfast.registry.model.Repository;
import dev.holdfast.registry.model.RepositoryId;
import dev.holdfast.service.State;
import dev.holdfast.store.space.Urgency;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Frees what no image uses any more: links of repositories to blobs that none of their images
 * lists, then blobs that no repository holds.
 *
 * <p>Nothing is stopped meanwhile. A push brings its blobs before the manifest that lists them, so
 * only links and blobs older than a day, far longer than that takes, are looked at. A link is
 * removed in a transaction that saw every image of its repository; a blob's age is checked again
 * under a lock when it is deleted.
 */
public final class Collector {
  private static final System.Logger LOG = System.getLogger("registry");

  /** How long a blob stays without an image. */
  private static final Duration GRACE = Duration.ofDays(1);

  /** Shared by those who need the blobs to stay, exclusive for collecting. */
  private final ReentrantReadWriteLock held = new ReentrantReadWriteLock();

  private final State state;
  private final BlobStore blobs;

  public Collector(State state, BlobStore blobs) {
    this.state = state;
    this.blobs = blobs;
  }

  /**
   * Keeps every blob until it is closed, by the thread that took it: a backup copies them one by
   * one. Waits for a collection to end.
   */
  public Hold hold() {
    held.readLock().lock();
    return () -> held.readLock().unlock();
  }

  /** While it is open nothing is collected. */
  public interface Hold extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Collects once; does nothing while blobs are held.
   *
   * @return how many blobs went
   */
  public int collect(Instant now) throws BlobStoreException {
    if (!held.writeLock().tryLock()) {
      LOG.log(System.Logger.Level.INFO, "nothing is collected while a backup copies blobs");
      return 0;
    }
    try {
      return collectAlone(now);
    } finally {
      held.writeLock().unlock();
    }
  }

  private int collectAlone(Instant now) throws BlobStoreException {
    Instant since = now.minus(GRACE);
    for (RepositoryId repository : repositories()) {
      int unlinked = state.own(Urgency.VITAL, tx -> Images.unlinkUnused(tx, repository, since));
      if (unlinked > 0) {
        LOG.log(System.Logger.Level.DEBUG, "{0} lost {1} unused blobs", repository.arn(), unlinked);
      }
    }
    // Also what could not be set aside, so that a missing one is not remembered for ever.
    Set<Digest> candidates = new TreeSet<>(blobs.all());
    candidates.addAll(blobs.stuck().keySet());
    Set<Digest> held = new HashSet<>();
    state.read(
        view -> {
          view.each(RegistryTables.LINKS, link -> held.add(link.digest()));
          return held;
        });
    int gone = 0;
    for (Digest digest : candidates) {
      if (!held.contains(digest) && blobs.delete(digest, since)) {
        gone++;
      }
    }
    return gone;
  }

  private List<RepositoryId> repositories() {
    return state.read(
        view -> view.all(RegistryTables.REPOSITORIES).stream().map(Repository::id).toList());
  }
}
