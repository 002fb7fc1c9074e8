// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.blob;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;

/** A blob's file, open for reading. */
record FileBlob(FileChannel channel, long size) implements BlobStore.Blob {
  /** Each piece costs a wait for the network; larger ones cost fewer. */
  private static final int READ_BUFFER = 256 * 1024;

  @Override
  public void copy(long from, long length, OutputStream out) throws IOException {
    byte[] bytes = new byte[(int) Math.min(READ_BUFFER, Math.max(1, length))];
    long at = from;
    long end = from + length;
    while (at < end) {
      int read = read(bytes, (int) Math.min(bytes.length, end - at), at);
      out.write(bytes, 0, read);
      at += read;
    }
  }

  private int read(byte[] bytes, int length, long at) throws IOException {
    int read;
    try {
      read = channel.read(ByteBuffer.wrap(bytes, 0, length), at);
    } catch (ClosedChannelException e) {
      throw e; // by ourselves
    } catch (IOException e) {
      throw new BlobStore.Unreadable("a blob cannot be read: " + e.getMessage(), e);
    }
    if (read < 0) {
      throw new BlobStore.Unreadable("a blob is shorter than it was", null);
    }
    return read;
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
