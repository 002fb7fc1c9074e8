// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A disk that takes nothing more once a sync failed. The kernel tells of a failed sync once and
 * then takes what was lost for written, so that the next sync of the same file or folder succeeds;
 * whoever tried again would acknowledge what a power cut may take. So the first failure is the last
 * thing that happens, those who are told of it end the process, and the next start recovers from
 * what is there. Reads go on, and names can still be taken away, which acknowledges nothing.
 *
 * <p>A disk without space or quota, and one that takes no writes, is not broken: the call fails,
 * and may be made again when the operator has seen to it.
 */
public final class FailStopDisk implements Disk {
  private static final int STRIPES = 64;

  private final Disk under;

  /**
   * By path: two syncs of one folder never overlap, since the kernel tells only one of them that it
   * failed, and the other has to learn of it before it answers.
   */
  private final ReentrantLock[] locks = new ReentrantLock[STRIPES];

  /** Guards {@code listeners}, and {@code failure} where it is set. */
  private final ReentrantLock telling = new ReentrantLock();

  private final List<Consumer<DiskBroken>> listeners = new ArrayList<>();
  private volatile @Nullable DiskBroken failure;

  public FailStopDisk(Disk under) {
    this.under = under;
    for (int i = 0; i < STRIPES; i++) {
      locks[i] = new ReentrantLock();
    }
  }

  /** Has somebody told, once, of the first sync that fails; at once where that has happened. */
  public void onFailure(Consumer<DiskBroken> listener) {
    DiskBroken already;
    telling.lock();
    try {
      already = failure;
      if (already == null) {
        listeners.add(listener);
      }
    } finally {
      telling.unlock();
    }
    if (already != null) {
      listener.accept(already);
    }
  }

  private void requireSound() throws DiskBroken {
    DiskBroken first = failure;
    if (first != null) {
      throw new DiskBroken(String.valueOf(first.getMessage()), first);
    }
  }

  /** A sync of the disk below. */
  private interface Sync {
    void run() throws IOException;
  }

  private void sync(Path path, Sync sync) throws IOException {
    ReentrantLock lock =
        locks[Math.floorMod(path.toAbsolutePath().normalize().hashCode(), STRIPES)];
    lock.lock();
    try {
      requireSound();
      sync.run();
    } catch (DiskBroken e) {
      throw e;
    } catch (IOException e) {
      if (isMended(e)) {
        throw e;
      }
      throw broken(path, e);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether an operator mends it while the process runs, the caller itself gave up, or it never
   * came to a sync, since what was to be synced could not be opened: that names the file.
   */
  private static boolean isMended(IOException e) {
    String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return e instanceof ClosedChannelException
        || e instanceof FileSystemException
        || text.contains("no space left")
        || text.contains("quota exceeded")
        || text.contains("read-only file system");
  }

  private DiskBroken broken(Path path, IOException e) {
    var reason = new DiskBroken("a sync of `" + path + "` failed: " + e.getMessage(), e);
    List<Consumer<DiskBroken>> told = List.of();
    telling.lock();
    try {
      if (failure == null) {
        failure = reason;
        told = List.copyOf(listeners);
      }
    } finally {
      telling.unlock();
    }
    told.forEach(listener -> listener.accept(reason));
    return reason;
  }

  private final class SteadyFile implements DiskFile {
    private final Path path;
    private final DiskFile file;

    SteadyFile(Path path, DiskFile file) {
      this.path = path;
      this.file = file;
    }

    @Override
    public void write(ByteBuffer bytes, long at) throws IOException {
      requireSound();
      file.write(bytes, at);
    }

    @Override
    public void sync() throws IOException {
      FailStopDisk.this.sync(path, file::sync);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  @Override
  public DiskFile create(Path file) throws IOException {
    requireSound();
    return new SteadyFile(file, under.create(file));
  }

  @Override
  public DiskFile open(Path file) throws IOException {
    requireSound();
    return new SteadyFile(file, under.open(file));
  }

  @Override
  public FileChannel read(Path file) throws IOException {
    return under.read(file);
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    requireSound();
    under.move(from, to);
  }

  @Override
  public void delete(Path path) throws IOException {
    under.delete(path);
  }

  @Override
  public void makeDirectory(Path directory) throws IOException {
    requireSound();
    under.makeDirectory(directory);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    sync(directory, () -> under.syncDirectory(directory));
  }
}
