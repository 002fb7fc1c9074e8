// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.blob;

import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.disk.Disk;
import dev.holdfast.kit.disk.DiskFile;
import dev.holdfast.registry.model.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Blobs as files under {@code ROOT/sha256/ab/abcdef...}; what is on its way lies in {@code
 * ROOT/uploads}. Publishing syncs the file, renames it, syncs the folder: whatever has a blob's
 * name is whole. The first two hex digits spread the files over 256 folders.
 *
 * <p>What a reader is told of must stay too, since a client that finds a blob does not bring it. So
 * a blob that is visible while its folder was not synced since, be it under way now or left by a
 * process that was killed, is made durable by the reader who finds it.
 *
 * <p>Sessions live in the process, so every upload found at the start is a dead one and goes.
 */
public final class FileBlobStore implements BlobStore {
  private static final int BUFFER = 64 * 1024;

  private static final int STRIPES = 64;

  private final Disk disk;
  private final Path blobs;
  private final Path uploads;
  private final Quarantine quarantine;
  private final AtomicLong next = new AtomicLong();

  /** By digest: lets nothing be deleted between a check of its age and the deletion. */
  private final ReentrantLock[] locks = new ReentrantLock[STRIPES];

  /** Blobs whose name may not be durable yet, and how many are bringing each. */
  private final Map<Digest, Integer> settling = new ConcurrentHashMap<>();

  /** Blobs that could not be set aside, or not even be read, when it was tried last, and why. */
  private final Map<Digest, String> stuck = new ConcurrentHashMap<>();

  /** Folders that an earlier process filled, and may have been killed before it synced. */
  private final Set<Path> inherited = ConcurrentHashMap.newKeySet();

  /** Folders whose own name is durable. */
  private final Set<Path> folders = ConcurrentHashMap.newKeySet();

  /** Held while a folder is made: it counts as there only once its name is durable. */
  private final ReentrantLock making = new ReentrantLock();

  private FileBlobStore(Path root, Disk disk) {
    this.disk = disk;
    this.blobs = root.resolve("sha256");
    this.uploads = root.resolve("uploads");
    this.quarantine = new Quarantine(root.resolve("quarantine"), disk);
    for (int i = 0; i < STRIPES; i++) {
      locks[i] = new ReentrantLock();
    }
  }

  /** Opens the store in a folder, which is made where it is missing; dead uploads are removed. */
  public static FileBlobStore open(Path root) throws IOException {
    return open(root, Disk.local());
  }

  /** As {@link #open(Path)}, on a given disk. */
  public static FileBlobStore open(Path root, Disk disk) throws IOException {
    var store = new FileBlobStore(root, disk);
    disk.makeDirectories(store.blobs);
    if (!Files.exists(store.uploads)) {
      disk.makeDirectory(store.uploads);
    }
    disk.syncDirectory(store.blobs);
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(store.blobs)) {
      folders.forEach(store.folders::add);
    }
    store.inherited.addAll(store.folders);
    try (DirectoryStream<Path> dead = Files.newDirectoryStream(store.uploads)) {
      for (Path upload : dead) {
        disk.delete(upload);
      }
    }
    return store;
  }

  /** A store in a folder as it is: nothing is made or removed. For reading alone. */
  public static FileBlobStore look(Path root) {
    return new FileBlobStore(root, Disk.local());
  }

  /** What a killed process left of uploads. */
  public List<Path> deadUploads() throws IOException {
    if (!Files.isDirectory(uploads)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(uploads)) {
      return files.sorted().toList();
    }
  }

  @Override
  public Ingest ingest() throws BlobStoreException {
    Path path = uploads.resolve(Long.toString(next.getAndIncrement()));
    try {
      return new FileIngest(path, disk.create(path));
    } catch (IOException e) {
      throw BlobStoreException.of("start an upload", e);
    }
  }

  @Override
  public Optional<Blob> open(Digest digest) throws BlobStoreException {
    try {
      FileChannel channel = disk.read(path(digest));
      settle(digest);
      return Optional.of(new FileBlob(channel, channel.size()));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw BlobStoreException.of("open a blob", e);
    }
  }

  @Override
  public boolean quarantine(Digest digest) throws BlobStoreException {
    ReentrantLock lock = lock(digest);
    lock.lock();
    try {
      boolean damaged = aside(digest);
      stuck.remove(digest);
      return damaged;
    } catch (IOException e) {
      BlobStoreException failure = BlobStoreException.of("set a damaged blob aside", e);
      stuck.put(digest, String.valueOf(e.getMessage()));
      throw failure;
    } finally {
      lock.unlock();
    }
  }

  private boolean aside(Digest digest) throws IOException {
    Verdict verdict = verify(digest);
    if (verdict == Verdict.INTACT) {
      return false; // brought again in the meantime
    }
    if (verdict == Verdict.ABSENT) {
      quarantine.miss(digest);
      return true;
    }
    quarantine.take(path(digest), digest);
    disk.syncDirectory(folder(digest));
    return true;
  }

  @Override
  public Map<Digest, String> stuck() {
    return Map.copyOf(stuck);
  }

  @Override
  public List<Digest> quarantined() throws BlobStoreException {
    try {
      return quarantine.all().stream().filter(digest -> !Files.exists(path(digest))).toList();
    } catch (IOException e) {
      throw BlobStoreException.of("list the blobs that were set aside", e);
    }
  }

  @Override
  public List<Digest> all() throws BlobStoreException {
    var found = new ArrayList<Digest>();
    if (!Files.isDirectory(blobs)) {
      return found;
    }
    try (Stream<Path> files = Files.walk(blobs, 2)) {
      files.forEach(file -> Digest.parse("sha256:" + file.getFileName()).ifPresent(found::add));
      return found;
    } catch (IOException e) {
      throw BlobStoreException.of("list the blobs", e);
    }
  }

  @Override
  public boolean delete(Digest digest, Instant since) throws BlobStoreException {
    Path path = path(digest);
    ReentrantLock lock = lock(digest);
    lock.lock();
    try {
      if (!Files.getLastModifiedTime(path).toInstant().isBefore(since)) {
        return false;
      }
      disk.delete(path);
      stuck.remove(digest);
      return true;
    } catch (NoSuchFileException _) {
      stuck.remove(digest);
      return true;
    } catch (IOException e) {
      throw BlobStoreException.of("delete a blob", e);
    } finally {
      lock.unlock();
    }
  }

  private Path path(Digest digest) {
    String hex = digest.hex();
    return folder(digest).resolve(hex);
  }

  private Path folder(Digest digest) {
    return blobs.resolve(digest.hex().substring(0, 2));
  }

  private ReentrantLock lock(Digest digest) {
    return locks[Math.floorMod(digest.hashCode(), STRIPES)];
  }

  private void place(Path upload, Digest digest) throws IOException {
    Path target = path(digest);
    Path folder = folder(digest);
    if (!folders.contains(folder)) {
      make(folder);
    }
    boolean fresh;
    ReentrantLock lock = lock(digest);
    lock.lock();
    try {
      fresh = !Files.exists(target);
      settling.merge(digest, 1, Integer::sum);
      disk.move(upload, target);
    } finally {
      lock.unlock();
    }
    try {
      disk.syncDirectory(folder);
    } catch (IOException e) {
      withdraw(digest, fresh, e);
      throw e;
    }
    settled(digest);
    stuck.remove(digest);
  }

  private void settled(Digest digest) {
    settling.computeIfPresent(digest, (_, bringing) -> bringing == 1 ? null : bringing - 1);
  }

  /**
   * Takes a name away that could not be made durable, so that whoever asks brings the blob again:
   * the next sync of its folder would succeed and may keep nothing. Not where somebody else has the
   * name too.
   */
  private void withdraw(Digest digest, boolean fresh, IOException failure) {
    ReentrantLock lock = lock(digest);
    lock.lock();
    try {
      if (fresh && settling.getOrDefault(digest, 0) == 1) {
        disk.deleteIfExists(path(digest));
        settled(digest);
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    } finally {
      lock.unlock();
    }
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
        disk.syncDirectory(blobs);
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

  /** Makes the name of a blob durable that somebody has just seen. */
  private void settle(Digest digest) throws IOException {
    Path folder = folder(digest);
    if (settling.containsKey(digest) || inherited.contains(folder)) {
      disk.syncDirectory(folder);
      inherited.remove(folder);
    }
  }

  private final class FileIngest implements Ingest {
    private final Path path;
    private final DiskFile file;
    private final MessageDigest hash = Hashes.sha256();
    private long size;
    private boolean closed;

    FileIngest(Path path, DiskFile file) {
      this.path = path;
      this.file = file;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public long append(InputStream in) throws IOException {
      byte[] buffer = new byte[BUFFER];
      long before = size;
      // Filling the buffer makes few large writes of many small reads.
      for (int read = in.readNBytes(buffer, 0, BUFFER);
          read > 0;
          read = in.readNBytes(buffer, 0, BUFFER)) {
        hash.update(buffer, 0, read);
        write(buffer, read);
        size += read;
      }
      return size - before;
    }

    private void write(byte[] buffer, int length) throws BlobStoreException {
      try {
        file.write(ByteBuffer.wrap(buffer, 0, length), size);
      } catch (IOException e) {
        throw BlobStoreException.of("take an upload", e);
      }
    }

    @Override
    public boolean publish(Digest expected) throws BlobStoreException {
      if (closed) {
        throw new IllegalStateException("the upload is closed");
      }
      if (!Digest.ofHash(hash.digest()).equals(expected)) {
        close();
        return false;
      }
      try {
        file.sync();
        file.close();
        place(path, expected);
        closed = true;
        return true;
      } catch (IOException e) {
        throw BlobStoreException.of("keep a blob", e);
      }
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        try (file) {
          disk.deleteIfExists(path);
        } catch (IOException e) {
          System.getLogger("registry")
              .log(System.Logger.Level.WARNING, "an upload could not be removed", e);
        }
      }
    }
  }
}
