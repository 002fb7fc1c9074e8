// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.blob;

import dev.holdfast.kit.disk.Disk;
import dev.holdfast.registry.model.Digest;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The names of blobs in one folder, {@code ab/abcdef...}, and which of them are durable. The first
 * two hex digits spread the files over 256 folders.
 *
 * <p>What a reader is told of must stay too, since a client that finds a blob does not bring it. So
 * a name that no sync of its folder followed yet, be it just given or left by a process that was
 * killed, is made durable by the reader who finds it. Once one sync went well, nobody asks for
 * another.
 */
final class BlobNames {
  private static final int STRIPES = 64;

  private final Path root;
  private final Disk disk;

  /** By digest: lets no name come or go between a look at it and what follows from that. */
  private final ReentrantLock[] locks = new ReentrantLock[STRIPES];

  /** Names that no sync made durable since they came, by the number of their arrival. */
  private final Map<Digest, Long> fresh = new ConcurrentHashMap<>();

  private final AtomicLong arrivals = new AtomicLong();

  /** How many are giving a blob its name right now; guarded by its lock. */
  private final Map<Digest, Integer> giving = new ConcurrentHashMap<>();

  /** Folders that an earlier process filled, and may have been killed before it synced. */
  private final Set<Path> inherited = ConcurrentHashMap.newKeySet();

  /** Folders whose own name is durable. */
  private final Set<Path> folders = ConcurrentHashMap.newKeySet();

  /** Held while a folder is made: it counts as there only once its name is durable. */
  private final ReentrantLock making = new ReentrantLock();

  BlobNames(Path root, Disk disk) {
    this.root = root;
    this.disk = disk;
    for (int i = 0; i < STRIPES; i++) {
      locks[i] = new ReentrantLock();
    }
  }

  /** Takes over what an earlier process left. */
  void inherit() throws IOException {
    disk.makeDirectories(root);
    disk.syncDirectory(root);
    try (DirectoryStream<Path> there = Files.newDirectoryStream(root)) {
      there.forEach(folders::add);
    }
    inherited.addAll(folders);
  }

  Path path(Digest digest) {
    return folder(digest).resolve(digest.hex());
  }

  Path folder(Digest digest) {
    return root.resolve(digest.hex().substring(0, 2));
  }

  /** Held by who takes a blob's name away on the ground of what he has seen. */
  ReentrantLock lock(Digest digest) {
    return locks[Math.floorMod(digest.hashCode(), STRIPES)];
  }

  /** Gives a whole and synced file the name of its digest, durably. */
  void give(Path file, Digest digest) throws IOException {
    Path folder = folder(digest);
    if (!folders.contains(folder)) {
      make(folder);
    }
    try {
      Long arrival = arrive(file, digest);
      disk.syncDirectory(folder);
      fresh.remove(digest, arrival);
    } catch (IOException e) {
      failed(digest, e);
      throw e;
    }
    given(digest);
  }

  /** The number of the arrival that the next sync makes durable; 0 where the name is already. */
  private Long arrive(Path file, Digest digest) throws IOException {
    ReentrantLock lock = lock(digest);
    lock.lock();
    try {
      giving.merge(digest, 1, Integer::sum);
      boolean absent = Files.notExists(path(digest));
      if (absent) {
        fresh.put(digest, arrivals.incrementAndGet());
      }
      disk.move(file, path(digest));
      if (absent) {
        // Again: a sync before the move, by a reader of one that went, made nothing durable.
        fresh.put(digest, arrivals.incrementAndGet());
      }
      return fresh.getOrDefault(digest, 0L);
    } finally {
      lock.unlock();
    }
  }

  /** Counts one out who gave a blob its name, or could not. */
  private void given(Digest digest) {
    ReentrantLock lock = lock(digest);
    lock.lock();
    try {
      giving.computeIfPresent(digest, (_, others) -> others == 1 ? null : others - 1);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Where the last one failed and nobody made the name durable, it is taken away, so that whoever
   * asks brings the blob again: the next sync of its folder would succeed and may keep nothing.
   */
  private void failed(Digest digest, IOException failure) {
    ReentrantLock lock = lock(digest);
    lock.lock();
    try {
      given(digest);
      if (!giving.containsKey(digest) && fresh.containsKey(digest)) {
        disk.deleteIfExists(path(digest));
        fresh.remove(digest);
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Makes the name of a blob durable that somebody has just seen.
   *
   * @return false where it is gone again
   */
  boolean settle(Digest digest) throws IOException {
    Path folder = folder(digest);
    Long arrival = fresh.get(digest);
    while (arrival != null || inherited.contains(folder)) {
      disk.syncDirectory(folder);
      inherited.remove(folder);
      if (arrival != null) {
        fresh.remove(digest, arrival);
      }
      arrival = fresh.get(digest);
    }
    return Files.exists(path(digest));
  }

  /** Takes a name away; its lock is held. */
  void take(Digest digest) throws IOException {
    disk.delete(path(digest));
    fresh.remove(digest);
  }

  private void make(Path folder) throws IOException {
    making.lock();
    try {
      if (folders.contains(folder)) {
        return;
      }
      try {
        disk.makeDirectory(folder);
      } catch (FileAlreadyExistsException _) {
        // left by one who could not sync its name
      }
      try {
        disk.syncDirectory(root);
      } catch (IOException e) {
        unmake(folder, e);
        throw e;
      }
      folders.add(folder);
    } finally {
      making.unlock();
    }
  }

  /** Nothing is in it: it counts as there only after this. */
  private void unmake(Path folder, IOException failure) {
    try {
      disk.deleteIfExists(folder);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }
}
