// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The lock that a server holds on its data directory while it lives. The kernel drops it with the
 * process, so it tells a running server from a stale {@code server.pid} whose number another
 * process has got since.
 */
public final class DirectoryLock implements AutoCloseable {
  private final FileChannel channel;
  private final FileLock lock;

  private DirectoryLock(FileChannel channel, FileLock lock) {
    this.channel = channel;
    this.lock = lock;
  }

  /** Takes the lock; empty where another server holds it. */
  public static Optional<DirectoryLock> tryAcquire(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return Optional.of(new DirectoryLock(channel, lock));
      }
    } catch (OverlappingFileLockException _) {
      // held in this very process: as good as held by another
    }
    channel.close();
    return Optional.empty();
  }

  /**
   * Takes the lock of an installation for work without a server; empty where a server runs.
   *
   * @throws CliFailure where there is no installation
   */
  static Optional<DirectoryLock> exclusive(DataDir dir) throws IOException {
    if (!Files.isDirectory(dir.path())) {
      throw new CliFailure("there is no installation in " + dir.path());
    }
    dir.create();
    return tryAcquire(dir.lockFile());
  }

  /** Whether a server holds the lock now. */
  static boolean held(Path file) throws IOException {
    if (!Files.exists(file)) {
      return false;
    }
    var lock = tryAcquire(file);
    if (lock.isEmpty()) {
      return true;
    }
    lock.get().close();
    return false;
  }

  @Override
  public void close() throws IOException {
    lock.release();
    channel.close();
  }
}
