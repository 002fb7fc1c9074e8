// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.oci;

import dev.holdfast.registry.blob.BlobStore;
import java.io.IOException;
import java.io.OutputStream;

/** A blob that was read whole. */
@SuppressWarnings("ArrayRecordComponent")
record BlobInMemory(byte[] bytes) implements BlobStore.Blob {
  @Override
  public long size() {
    return bytes.length;
  }

  @Override
  public void copy(long from, long length, OutputStream out) throws IOException {
    out.write(bytes, (int) from, (int) length);
  }

  @Override
  public void close() {
    // nothing is held
  }
}
