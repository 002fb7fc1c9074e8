// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.blob;

import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.disk.Disk;
import dev.holdfast.kit.disk.DiskFile;
import dev.holdfast.registry.model.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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

  /** Each piece costs a wait for the network; larger ones cost fewer. */
  private static final int READ_BUFFER = 256 * 1024;

  private static final int STRIPES = 64;

  private final Disk disk;
  private final Path blobs;
  private final Path uploads;
  private final Path quarantine;
  private final AtomicLong next = new AtomicLong();

  /** By digest: lets nothing be deleted between a check of its age and the deletion. */
  private final ReentrantLock[] locks = new ReentrantLock[STRIPES];

  /** Blobs whose name may not be durable yet. */
  private final Set<Digest> settling = ConcurrentHashMap.newKeySet();

  /** Folders that an earlier process filled, and may have been killed before it synced. */
  private final Set<Path> inherited = ConcurrentHashMap.newKeySet();

  /** Folders whose own name is durable. */
  private final Set<Path> folders = ConcurrentHashMap.newKeySet();

  private FileBlobStore(Path root, Disk disk) {
    this.disk = disk;
    this.blobs = root.resolve("sha256");
    this.uploads = root.resolve("uploads");
    this.quarantine = root.resolve("quarantine");
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
      throw failed("start an upload", e);
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
      throw failed("open a blob", e);
    }
  }

  @Override
  public boolean quarantine(Digest digest) throws BlobStoreException {
    ReentrantLock lock = lock(digest);
    lock.lock();
    try {
      Verdict verdict = verify(digest);
      if (verdict == Verdict.INTACT) {
        return false; // brought again in the meantime
      }
      disk.makeDirectories(quarantine);
      if (verdict == Verdict.ABSENT) {
        markMissing(digest);
        return true;
      }
      int number = 1;
      while (Files.exists(quarantine.resolve(digest.hex() + "-" + number))) {
        number++;
      }
      disk.move(path(digest), quarantine.resolve(digest.hex() + "-" + number));
      disk.syncDirectory(quarantine);
      disk.syncDirectory(folder(digest));
      return true;
    } catch (IOException e) {
      throw failed("set a damaged blob aside", e);
    } finally {
      lock.unlock();
    }
  }

  private void markMissing(Digest digest) throws IOException {
    Path mark = quarantine.resolve(digest.hex() + "-0");
    if (!Files.exists(mark) && !Files.exists(quarantine.resolve(digest.hex() + "-1"))) {
      disk.create(mark).close();
      disk.syncDirectory(quarantine);
    }
  }

  @Override
  public List<Digest> quarantined() throws BlobStoreException {
    if (!Files.isDirectory(quarantine)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(quarantine)) {
      return files
          .map(file -> "sha256:" + file.getFileName().toString().replaceFirst("-\\d+$", ""))
          .flatMap(text -> Digest.parse(text).stream())
          .distinct()
          .filter(digest -> !Files.exists(path(digest)))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw failed("list the blobs that were set aside", e);
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
      throw failed("list the blobs", e);
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
      return true;
    } catch (NoSuchFileException _) {
      return true;
    } catch (IOException e) {
      throw failed("delete a blob", e);
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
    ReentrantLock lock = lock(digest);
    lock.lock();
    try {
      settling.add(digest);
      disk.move(upload, target);
    } finally {
      lock.unlock();
    }
    disk.syncDirectory(folder);
    settling.remove(digest);
  }

  private void make(Path folder) throws IOException {
    try {
      disk.makeDirectory(folder);
    } catch (FileAlreadyExistsException _) {
      // made just now by another, who may not have synced it yet
    }
    disk.syncDirectory(blobs);
    folders.add(folder);
  }

  /** Makes the name of a blob durable that somebody has just seen. */
  private void settle(Digest digest) throws IOException {
    Path folder = folder(digest);
    if (settling.contains(digest) || inherited.contains(folder)) {
      disk.syncDirectory(folder);
      inherited.remove(folder);
    }
  }

  private BlobStoreException failed(String what, IOException cause) {
    String reason = String.valueOf(cause.getMessage());
    if (reason.contains("Read-only file system")) {
      return new BlobStoreException(
          "the registry's disk is read-only; pulls go on, push again once it takes writes",
          true,
          cause);
    }
    boolean full = reason.contains("No space left") || reason.contains("quota exceeded");
    return new BlobStoreException(
        full ? BlobStoreException.FULL : "the registry's disk failed to " + what, full, cause);
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
        throw failed("take an upload", e);
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
        throw failed("keep a blob", e);
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

  private record FileBlob(FileChannel channel, long size) implements Blob {
    @Override
    public void copy(long from, long length, OutputStream out) throws IOException {
      byte[] bytes = new byte[(int) Math.min(READ_BUFFER, Math.max(1, length))];
      long at = from;
      long end = from + length;
      while (at < end) {
        int read =
            channel.read(ByteBuffer.wrap(bytes, 0, (int) Math.min(bytes.length, end - at)), at);
        if (read < 0) {
          throw new IOException("a blob is shorter than it was");
        }
        out.write(bytes, 0, read);
        at += read;
      }
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        System.getLogger("registry").log(System.Logger.Level.DEBUG, "a blob did not close", e);
      }
    }
  }
}
