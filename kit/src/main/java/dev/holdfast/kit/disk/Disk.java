// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Every way in which we change files of our own. What a power cut leaves of a change is decided by
 * the order of these calls alone, and that order is what the tests replay: any write that was not
 * synced may be lost in whole or in part, and so may any name whose folder was not synced.
 *
 * <p>Safe for use by any number of threads.
 */
public interface Disk {
  /** What {@link #replace} adds to a name while the content is not whole. */
  String DRAFT = ".new";

  /** Bytes copied at once. */
  int PIECE = 256 * 1024;

  /** The file system of this machine. */
  static Disk local() {
    return LocalDisk.INSTANCE;
  }

  /**
   * Makes a file that its owner alone may read.
   *
   * @throws FileAlreadyExistsException where the name is taken
   */
  DiskFile create(Path file) throws IOException;

  /**
   * Opens a file to write over it.
   *
   * @throws NoSuchFileException where there is none
   */
  DiskFile open(Path file) throws IOException;

  /** Opens a file for reading. */
  FileChannel read(Path file) throws IOException;

  /** Gives a file another name in one step, in place of what had it. */
  void move(Path from, Path to) throws IOException;

  /**
   * Takes a name, of a file or of an empty folder, away.
   *
   * @throws NoSuchFileException where there is none
   */
  void delete(Path path) throws IOException;

  /**
   * Makes a folder that its owner alone may enter.
   *
   * @throws FileAlreadyExistsException where the name is taken
   */
  void makeDirectory(Path directory) throws IOException;

  /** Makes the names in a folder durable: those that came, and that others went. */
  void syncDirectory(Path directory) throws IOException;

  /** Deletes a file where there is one. */
  default void deleteIfExists(Path file) throws IOException {
    try {
      delete(file);
    } catch (NoSuchFileException _) {
      // as wanted
    }
  }

  /** Deletes a file where there is one, so that it does not come back after a power cut. */
  default void deleteDurably(Path file) throws IOException {
    deleteIfExists(file);
    // Even where it is gone: an earlier process may have been killed before it synced.
    syncDirectory(folder(file));
  }

  /** Makes a folder and those above it where they are missing, durably. */
  default void makeDirectories(Path directory) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    Path at = directory.toAbsolutePath().normalize();
    while (at.getParent() != null && !Files.exists(at)) {
      missing.push(at);
      at = folder(at);
    }
    if (at.getParent() != null) {
      try {
        // Whoever made it may have been killed before this.
        syncDirectory(folder(at));
      } catch (AccessDeniedException _) {
        // a folder above ours that we may not even list, so we did not make what is in it
      }
    }
    for (Path folder : missing) {
      try {
        makeDirectory(folder);
      } catch (FileAlreadyExistsException _) {
        // made by another in the meantime, who may not have synced it yet
      }
      syncDirectory(folder(folder));
    }
  }

  /**
   * Gives a small file its content, durably and in one step: whoever reads it, after a power cut
   * too, finds the old content or the new one.
   */
  default void replace(Path file, byte[] content) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + DRAFT);
    deleteIfExists(draft);
    try (DiskFile out = create(draft)) {
      out.write(ByteBuffer.wrap(content), 0);
      out.sync();
    } catch (IOException e) {
      try {
        deleteIfExists(draft);
      } catch (IOException also) {
        e.addSuppressed(also);
      }
      throw e;
    }
    move(draft, file);
    syncDirectory(folder(file));
  }

  /** Makes a durable copy of a file under a name that is free. */
  default void copy(Path from, Path to) throws IOException {
    ByteBuffer piece = ByteBuffer.allocate(PIECE);
    try (FileChannel in = read(from);
        DiskFile out = create(to)) {
      long at = 0;
      while (in.read(piece.clear()) >= 0) {
        int length = piece.flip().remaining();
        out.write(piece, at);
        at += length;
      }
      out.sync();
    }
    syncDirectory(folder(to));
  }

  /** The folder that keeps a file's name. */
  private static Path folder(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException("`" + file + "` is in no folder");
    }
    return folder;
  }
}
