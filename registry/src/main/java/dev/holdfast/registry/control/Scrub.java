// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.control;

import dev.holdfast.kit.Hashes;
import dev.holdfast.registry.blob.BlobStore;
import dev.holdfast.registry.blob.BlobStoreException;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.registry.model.RegistryTables;
import dev.holdfast.registry.model.ScrubState;
import dev.holdfast.service.State;
import dev.holdfast.store.StoreUnavailable;
import dev.holdfast.store.Table;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Reads every blob in turn and sets the damaged ones aside, slowly, so that pulls do not feel it. A
 * pass that a stop interrupts goes on where it was.
 */
public final class Scrub implements AutoCloseable {
  /** Bytes a second: a terabyte in nine hours. */
  public static final long PACE = 32L << 20;

  private static final System.Logger LOG = System.getLogger("registry");
  private static final String ONLY = "scrub";

  /** So much is read, at most, before the place in the pass is written down; or so long. */
  private static final long WRITE_DOWN = 256L << 20;

  private static final Duration WRITE_DOWN_TIME = Duration.ofSeconds(30);

  private static final Duration EVERY = Duration.ofDays(1);

  private final State state;
  private final BlobStore blobs;
  private final InstantSource clock;
  private final long pace;
  private final CountDownLatch closed = new CountDownLatch(1);

  /** Guards {@code running}. */
  private final ReentrantLock lock = new ReentrantLock();

  private @Nullable Thread running;

  /** When this process came to the end of a pass; it may not have been able to write that down. */
  private volatile @Nullable Instant ended;

  public Scrub(State state, BlobStore blobs, InstantSource clock, long pace) {
    this.state = state;
    this.blobs = blobs;
    this.clock = clock;
    this.pace = pace;
  }

  /** Sees to it that a pass is under way, on a thread of its own. */
  public void start() {
    lock.lock();
    try {
      Thread before = running;
      if ((before == null || !before.isAlive()) && closed.getCount() > 0) {
        running = Thread.ofVirtual().name("scrub").start(this::run);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Does so where a pass was interrupted, or the last one began a day ago or earlier; to be called
   * soon after the start and every hour.
   */
  public void startWhereDue() {
    Instant last = ended;
    if (last != null && Duration.between(last, clock.instant()).abs().compareTo(EVERY) < 0) {
      return;
    }
    ScrubState known = stands();
    if (known == null
        || known.ended() == null
        || Duration.between(known.began(), clock.instant()).abs().compareTo(EVERY) >= 0) {
      start();
    }
  }

  /** Whether a pass is under way on its thread. */
  public boolean isRunning() {
    lock.lock();
    try {
      Thread now = running;
      return now != null && now.isAlive();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      pass();
    } catch (InterruptedIOException _) {
      LOG.log(System.Logger.Level.DEBUG, "the scrub goes on at the next start");
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "the scrub failed; it goes on within the hour", e);
    }
  }

  /** Where the scrub stands, or null before its first pass. */
  public @Nullable ScrubState stands() {
    return state.read(view -> view.get(RegistryTables.SCRUB, Table.PLATFORM, ONLY));
  }

  /**
   * Reads every blob once, or what an interrupted pass left.
   *
   * @return the pass, at its end
   * @throws InterruptedIOException where it was closed meanwhile
   */
  public ScrubState pass() throws IOException {
    ScrubState known = stands();
    ScrubState at =
        known == null || known.ended() != null ? ScrubState.begin(clock.instant()) : known;
    Digest after = at.after();
    List<Digest> rest =
        blobs.all().stream()
            .filter(digest -> after == null || digest.compareTo(after) > 0)
            .sorted()
            .toList();
    boolean all = true;
    long unwritten = 0;
    Instant written = clock.instant();
    for (Digest digest : rest) {
      Look look;
      try {
        look = look(digest);
      } catch (InterruptedIOException e) {
        write(at);
        throw e;
      }
      all &= look.settled();
      at = at.read(digest, look.damaged());
      unwritten += look.bytes();
      Instant now = clock.instant();
      if (unwritten >= WRITE_DOWN
          || look.damaged()
          || Duration.between(written, now).abs().compareTo(WRITE_DOWN_TIME) >= 0) {
        write(at);
        unwritten = 0;
        written = now;
      }
    }
    for (Digest missing : missing()) {
      Look look = aside(missing);
      all &= look.settled();
      at = at.read(missing, look.damaged());
    }
    return ended(at, all);
  }

  /**
   * Writes the end of a pass down. Where damage could not be set aside, which this process alone
   * remembers, the next one begins with a pass of its own.
   */
  private ScrubState ended(ScrubState at, boolean all) {
    ScrubState end = at.end(clock.instant());
    ended = end.ended();
    write(all ? end : ScrubState.begin(clock.instant()));
    LOG.log(
        end.damaged() == 0 ? System.Logger.Level.INFO : System.Logger.Level.ERROR,
        "scrubbed {0} blobs, {1} were damaged",
        end.blobs(),
        end.damaged());
    return end;
  }

  /** The blobs that repositories have by name alone, and of which that was not known yet. */
  private Set<Digest> missing() throws BlobStoreException {
    Set<Digest> linked = new TreeSet<>();
    state.read(
        view -> {
          view.each(RegistryTables.LINKS, link -> linked.add(link.digest()));
          return linked;
        });
    linked.removeAll(Set.copyOf(blobs.all()));
    linked.removeAll(Set.copyOf(blobs.quarantined()));
    return linked;
  }

  private void write(ScrubState now) {
    try {
      state.own(
          tx -> {
            tx.put(RegistryTables.SCRUB, Table.PLATFORM, ONLY, now);
            return now;
          });
    } catch (StoreUnavailable e) {
      // What is read counts, wherever the next process begins.
      LOG.log(System.Logger.Level.WARNING, "the scrub's place is not kept: {0}", e.getMessage());
    }
  }

  /**
   * What a look at a blob came to.
   *
   * @param settled whether there is nothing left to be done about it here
   */
  private record Look(long bytes, boolean damaged, boolean settled) {}

  private Look look(Digest digest) throws IOException {
    MessageDigest hash = Hashes.sha256();
    try (BlobStore.Blob blob = blobs.open(digest).orElse(null)) {
      if (blob == null) {
        return new Look(0, false, true); // deleted meanwhile
      }
      blob.copy(0, blob.size(), new Paced(hash));
      if (Digest.ofHash(hash.digest()).equals(digest) && !blobs.stuck().containsKey(digest)) {
        return new Look(blob.size(), false, true);
      }
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      LOG.log(System.Logger.Level.ERROR, "the blob " + digest + " cannot be read", e);
    }
    return aside(digest);
  }

  /** Sets a blob aside where it is damaged; one that cannot be keeps nobody from the others. */
  private Look aside(Digest digest) {
    try {
      boolean damaged = blobs.quarantine(digest);
      if (damaged) {
        LOG.log(
            System.Logger.Level.ERROR,
            "the blob {0} was damaged and set aside, or is missing; push its image again",
            digest);
      }
      return new Look(0, damaged, true);
    } catch (BlobStoreException e) {
      LOG.log(
          System.Logger.Level.ERROR,
          "the blob " + digest + " is damaged or cannot be read, and cannot be set aside",
          e);
      return new Look(0, true, false);
    }
  }

  /** Hashes, and waits so long after each piece that the pace is kept. */
  private final class Paced extends OutputStream {
    private final MessageDigest hash;

    Paced(MessageDigest hash) {
      this.hash = hash;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      hash.update(bytes, offset, length);
      pause(Duration.ofNanos(length * 1_000_000_000L / pace));
    }
  }

  private void pause(Duration time) throws InterruptedIOException {
    try {
      if (closed.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new InterruptedIOException("the scrub was closed");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the scrub was interrupted");
    }
  }

  /** Interrupts a pass; it goes on at the next start. */
  @Override
  public void close() {
    closed.countDown();
    lock.lock();
    try {
      Thread thread = running;
      if (thread != null) {
        thread.join();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
