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
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Blobs as files under {@code ROOT/sha256/ab/abcdef...}; what is on its way lies in {@code
 * ROOT/uploads}. Publishing syncs the file, renames it, syncs the folder: whatever has a blob's
 * name is whole, and {@link BlobNames} sees to it that a name that was shown stays.
 *
 * <p>Sessions live in the process, so every upload found at the start is a dead one and goes.
 */
public final class FileBlobStore implements BlobStore {
  private static final int BUFFER = 64 * 1024;

  private final Disk disk;
  private final Path blobs;
  private final Path uploads;
  private final BlobNames names;
  private final Quarantine quarantine;
  private final AtomicLong next = new AtomicLong();

  /** Blobs that could not be set aside, or not even be read, when it was tried last, and why. */
  private final Map<Digest, String> stuck = new ConcurrentHashMap<>();

  private FileBlobStore(Path root, Disk disk) {
    this.disk = disk;
    this.blobs = root.resolve("sha256");
    this.uploads = root.resolve("uploads");
    this.names = new BlobNames(blobs, disk);
    this.quarantine = new Quarantine(root.resolve("quarantine"), disk);
  }

  /** Opens the store in a folder, which is made where it is missing; dead uploads are removed. */
  public static FileBlobStore open(Path root) throws IOException {
    return open(root, Disk.local());
  }

  /** As {@link #open(Path)}, on a given disk. */
  public static FileBlobStore open(Path root, Disk disk) throws IOException {
    var store = new FileBlobStore(root, disk);
    store.names.inherit();
    if (!Files.exists(store.uploads)) {
      disk.makeDirectory(store.uploads);
    }
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
      FileChannel channel = disk.read(names.path(digest));
      boolean found = false;
      try {
        var blob = new FileBlob(channel, channel.size());
        found = names.settle(digest);
        return found ? Optional.of(blob) : Optional.empty();
      } finally {
        if (!found) {
          channel.close();
        }
      }
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw BlobStoreException.of("open a blob", e);
    }
  }

  @Override
  public boolean quarantine(Digest digest) throws BlobStoreException {
    ReentrantLock lock = names.lock(digest);
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
    quarantine.take(names.path(digest), digest);
    disk.syncDirectory(names.folder(digest));
    return true;
  }

  @Override
  public Map<Digest, String> stuck() {
    return Map.copyOf(stuck);
  }

  @Override
  public List<Digest> quarantined() throws BlobStoreException {
    try {
      return quarantine.all().stream().filter(digest -> !Files.exists(names.path(digest))).toList();
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
    ReentrantLock lock = names.lock(digest);
    lock.lock();
    try {
      if (!named(names.path(digest)).isBefore(since)) {
        return false;
      }
      names.take(digest);
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

  /**
   * When a blob got its name, or was changed in any other way since: the bytes of an upload may be
   * much older, and whoever completes it links the blob only after this.
   */
  private static Instant named(Path blob) throws IOException {
    return ((FileTime) Files.getAttribute(blob, "unix:ctime")).toInstant();
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
        names.give(path, expected);
        stuck.remove(expected);
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
