// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit.disk;

import java.nio.ByteBuffer;

/**
 * One thing that was done to a disk. Files and folders go by numbers, since names change; the
 * folder 0 is the root of what is watched.
 */
public sealed interface Step {
  /** A new file. */
  record Create(int file, int folder, String name) implements Step {}

  /** Bytes written at an offset. */
  record Write(int file, long at, ByteBuffer bytes) implements Step {
    @Override
    public String toString() {
      return "Write[file=%d, at=%d, length=%d]".formatted(file, at, bytes.remaining());
    }
  }

  /** Content and size of a file made durable. */
  record Sync(int file, String name) implements Step {}

  /** A new folder. */
  record MakeDirectory(int made, int folder, String name) implements Step {}

  /** A file under another name, perhaps in another folder. */
  record Move(int file, int from, String name, int to, String newName) implements Step {}

  /** A name taken away. */
  record Delete(int folder, String name) implements Step {}

  /** The names in a folder made durable. */
  record SyncDirectory(int folder, String name) implements Step {}

  /**
   * A sync of a file or of a folder that failed. It is told once: what was on its way then may be
   * lost, although the next sync of the same file or folder succeeds.
   */
  record SyncFailed(int number, String name) implements Step {}

  /** Something said to somebody outside, which from now on has to stay true. */
  record Promise(Object what) implements Step {}
}
