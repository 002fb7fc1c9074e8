// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit.disk;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A file that is open for writing; used by one thread at a time. */
public interface DiskFile extends AutoCloseable {
  /** Writes all bytes that remain, from an offset on; nothing of it is durable before a sync. */
  void write(ByteBuffer bytes, long at) throws IOException;

  /** Makes content and size durable (fdatasync). The file's name is its folder's to keep. */
  void sync() throws IOException;

  @Override
  void close() throws IOException;
}
