// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.oci;

import dev.holdfast.kit.Hashes;
import dev.holdfast.registry.blob.BlobStore;
import dev.holdfast.registry.model.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;

/**
 * A large blob that is hashed on its way out where it goes out whole: its last bytes follow only
 * where the digest is right. Parts of it are not checked; for those there is the scrub, and the
 * client, who has the digest.
 *
 * @param intact told where the digest is right
 */
record HashedBlob(BlobStore.Blob blob, Digest digest, Runnable intact) implements BlobStore.Blob {
  private static final int TAIL = 64 * 1024;

  /** The bytes have another digest. */
  static final class Damaged extends IOException {
    private static final long serialVersionUID = 1;

    Damaged(Digest digest) {
      super("the blob " + digest + " is damaged");
    }
  }

  @Override
  public long size() {
    return blob.size();
  }

  @Override
  public void copy(long from, long length, OutputStream out) throws IOException {
    if (from != 0 || length != blob.size()) {
      blob.copy(from, length, out);
      return;
    }
    MessageDigest hash = Hashes.sha256();
    long head = length - Math.min(length, TAIL);
    blob.copy(0, head, new Hashing(out, hash));
    var tail = new ByteArrayOutputStream(TAIL);
    blob.copy(head, length - head, new Hashing(tail, hash));
    if (!Digest.ofHash(hash.digest()).equals(digest)) {
      throw new Damaged(digest);
    }
    intact.run();
    tail.writeTo(out);
  }

  /** Hashes what passes. */
  private static final class Hashing extends OutputStream {
    private final OutputStream out;
    private final MessageDigest hash;

    Hashing(OutputStream out, MessageDigest hash) {
      this.out = out;
      this.hash = hash;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      hash.update(bytes, offset, length);
      out.write(bytes, offset, length);
    }
  }

  @Override
  public void close() {
    blob.close();
  }
}
