// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.control;

import dev.holdfast.kit.Hashes;
import dev.holdfast.registry.blob.BlobStore;
import dev.holdfast.registry.blob.BlobStoreException;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.registry.model.RegistryTables;
import dev.holdfast.registry.model.ScrubState;
import dev.holdfast.service.State;
import dev.holdfast.store.StoreFull;
import dev.holdfast.store.Table;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.time.Duration;
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

  /** So much is read, at most, before the place in the pass is written down. */
  private static final long WRITE_DOWN = 1L << 30;

  private final State state;
  private final BlobStore blobs;
  private final InstantSource clock;
  private final long pace;
  private final CountDownLatch closed = new CountDownLatch(1);

  /** Guards {@code running}. */
  private final ReentrantLock lock = new ReentrantLock();

  private @Nullable Thread running;

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

  private void run() {
    try {
      pass();
    } catch (InterruptedIOException _) {
      LOG.log(System.Logger.Level.DEBUG, "the scrub goes on at the next start");
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "the scrub failed; it goes on tomorrow", e);
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
    long unwritten = 0;
    for (Digest digest : rest) {
      Look look = look(digest);
      at = at.read(digest, look.damaged());
      unwritten += look.bytes();
      if (unwritten >= WRITE_DOWN || look.damaged()) {
        write(at);
        unwritten = 0;
      }
    }
    for (Digest missing : missing()) {
      at = at.read(missing, aside(missing));
    }
    ScrubState end = at.end(clock.instant());
    write(end);
    LOG.log(
        end.damaged() == 0 ? System.Logger.Level.INFO : System.Logger.Level.ERROR,
        "scrubbed {0} blobs, {1} were damaged",
        end.blobs(),
        end.damaged());
    return end;
  }

  /** The blobs that repositories have by name alone. */
  private Set<Digest> missing() throws BlobStoreException {
    Set<Digest> linked = new TreeSet<>();
    state.read(
        view -> {
          view.each(RegistryTables.LINKS, link -> linked.add(link.digest()));
          return linked;
        });
    linked.removeAll(Set.copyOf(blobs.all()));
    return linked;
  }

  /** Writes down how far it came; on a full disk it goes on, and a restart begins further back. */
  private void write(ScrubState now) {
    try {
      state.own(
          tx -> {
            tx.put(RegistryTables.SCRUB, Table.PLATFORM, ONLY, now);
            return now;
          });
    } catch (StoreFull _) {
      LOG.log(System.Logger.Level.DEBUG, "the scrub goes on without writing down where it is");
    }
  }

  private record Look(long bytes, boolean damaged) {}

  private Look look(Digest digest) throws IOException {
    BlobStore.Blob there = blobs.open(digest).orElse(null);
    if (there == null) {
      return new Look(0, false); // deleted meanwhile
    }
    MessageDigest hash = Hashes.sha256();
    try (BlobStore.Blob blob = there) {
      blob.copy(0, blob.size(), new Paced(hash));
      if (Digest.ofHash(hash.digest()).equals(digest)) {
        return new Look(blob.size(), false);
      }
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      LOG.log(System.Logger.Level.ERROR, "the blob " + digest + " cannot be read", e);
    }
    return new Look(0, aside(digest));
  }

  private boolean aside(Digest digest) throws BlobStoreException {
    boolean damaged = blobs.quarantine(digest);
    if (damaged) {
      LOG.log(
          System.Logger.Level.ERROR,
          "the blob {0} was damaged and set aside, or is missing; push its image again",
          digest);
    }
    return damaged;
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
