// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.blob;

import dev.holdfast.registry.model.Digest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Blobs whose uploads end before their disk is full, so that whatever shares it goes on: state, and
 * what is read. What is there stays readable and can be deleted.
 */
public final class LimitedBlobStore implements BlobStore {

  /** Asked before bytes are taken. */
  public interface Limit {
    /** Throws {@link BlobStoreException} where the disk has no room for uploads. */
    void admit() throws BlobStoreException;
  }

  private final BlobStore inner;
  private final Limit limit;

  public LimitedBlobStore(BlobStore inner, Limit limit) {
    this.inner = inner;
    this.limit = limit;
  }

  @Override
  public Ingest ingest() throws BlobStoreException {
    limit.admit();
    return new LimitedIngest(inner.ingest());
  }

  @Override
  public Optional<Blob> open(Digest digest) throws BlobStoreException {
    return inner.open(digest);
  }

  @Override
  public List<Digest> all() throws BlobStoreException {
    return inner.all();
  }

  @Override
  public boolean delete(Digest digest, Instant since) throws BlobStoreException {
    return inner.delete(digest, since);
  }

  @Override
  public boolean quarantine(Digest digest) throws BlobStoreException {
    return inner.quarantine(digest);
  }

  @Override
  public List<Digest> quarantined() throws BlobStoreException {
    return inner.quarantined();
  }

  @Override
  public Map<Digest, String> stuck() {
    return inner.stuck();
  }

  @Override
  public Verdict verify(Digest digest) throws BlobStoreException {
    return inner.verify(digest);
  }

  private final class LimitedIngest implements Ingest {
    private final Ingest ingest;

    LimitedIngest(Ingest ingest) {
      this.ingest = ingest;
    }

    @Override
    public long size() {
      return ingest.size();
    }

    @Override
    public long append(InputStream in) throws IOException {
      return ingest.append(new LimitedStream(in));
    }

    @Override
    public boolean publish(Digest expected) throws BlobStoreException {
      return ingest.publish(expected);
    }

    @Override
    public void close() {
      ingest.close();
    }
  }

  /** Asks again for every so many bytes that come. */
  private final class LimitedStream extends FilterInputStream {
    private static final long EVERY = 1L << 20;

    private long left = EVERY;

    LimitedStream(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left <= 0) {
        limit.admit();
        left = EVERY;
      }
      int read = in.read(bytes, offset, length);
      left -= Math.max(0, read);
      return read;
    }
  }
}
