// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * This machine's disk, of which one sync fails and all later ones succeed, as the kernel has it; or
 * all fail for a while, as where there is no space.
 */
public final class FailingDisk implements Disk {
  private final Disk under = Disk.local();
  private final AtomicReference<@Nullable Failure> next = new AtomicReference<>();

  private record Failure(Predicate<Path> which, String words, boolean once) {}

  /** Lets the next sync of such a file or folder fail with an input/output error. */
  public void failNext(Predicate<Path> which) {
    failNext(which, "Input/output error");
  }

  /** As {@link #failNext(Predicate)}, with other words of the kernel. */
  public void failNext(Predicate<Path> which, String words) {
    next.set(new Failure(which, words, true));
  }

  /** Lets every sync of such a file or folder fail, in those words, until it is {@link #mend}ed. */
  public void failAll(Predicate<Path> which, String words) {
    next.set(new Failure(which, words, false));
  }

  /** Lets all syncs succeed from now on. */
  public void mend() {
    next.set(null);
  }

  /** Whether it has not failed yet. */
  public boolean isToFail() {
    return next.get() != null;
  }

  private void fail(Path path) throws IOException {
    Failure failure = next.get();
    if (failure != null
        && failure.which().test(path.toAbsolutePath().normalize())
        && (!failure.once() || next.compareAndSet(failure, null))) {
      throw new IOException(failure.words());
    }
  }

  private DiskFile failing(Path path, DiskFile file) {
    return new DiskFile() {
      @Override
      public void write(ByteBuffer bytes, long at) throws IOException {
        file.write(bytes, at);
      }

      @Override
      public void sync() throws IOException {
        fail(path);
        file.sync();
      }

      @Override
      public void close() throws IOException {
        file.close();
      }
    };
  }

  @Override
  public DiskFile create(Path file) throws IOException {
    return failing(file, under.create(file));
  }

  @Override
  public DiskFile open(Path file) throws IOException {
    return failing(file, under.open(file));
  }

  @Override
  public FileChannel read(Path file) throws IOException {
    return under.read(file);
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    under.move(from, to);
  }

  @Override
  public void delete(Path path) throws IOException {
    under.delete(path);
  }

  @Override
  public void makeDirectory(Path directory) throws IOException {
    under.makeDirectory(directory);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    fail(directory);
    under.syncDirectory(directory);
  }
}
