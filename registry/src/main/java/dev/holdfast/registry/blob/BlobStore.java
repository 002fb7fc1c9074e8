// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.blob;

import dev.holdfast.registry.model.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Content named by its digest. A blob is invisible until every byte is durable and its digest is
 * verified; the same digest may be brought by many writers at once.
 *
 * <p>Every implementation passes {@code BlobStoreContract}.
 */
public interface BlobStore {

  /** Starts a blob that nobody sees yet. */
  Ingest ingest() throws BlobStoreException;

  /**
   * Opens a blob for reading; what was opened stays readable when the blob is deleted.
   *
   * @return empty where there is none
   */
  Optional<Blob> open(Digest digest) throws BlobStoreException;

  /** Every visible blob, in no order. */
  List<Digest> all() throws BlobStoreException;

  /**
   * Deletes a blob that was brought before {@code since} and not again after.
   *
   * @return whether it is gone
   */
  boolean delete(Digest digest, Instant since) throws BlobStoreException;

  /** A blob on its way in; used by one thread at a time. Closing it leaves nothing of it. */
  interface Ingest extends AutoCloseable {
    /** The bytes so far. */
    long size();

    /**
     * Takes everything from a stream, hashing it on its way to disk in flat memory.
     *
     * @return how many bytes came
     * @throws BlobStoreException where the store cannot take them
     * @throws IOException where the stream breaks
     */
    long append(InputStream in) throws IOException;

    /**
     * Makes the blob durable, then visible.
     *
     * @return false where the bytes have another digest; then nothing becomes visible
     */
    boolean publish(Digest expected) throws BlobStoreException;

    @Override
    void close();
  }

  /** A blob that is open for reading; used by one thread. */
  interface Blob extends AutoCloseable {
    /** In bytes. */
    long size();

    /** Writes {@code length} bytes from {@code from} on. */
    void copy(long from, long length, OutputStream out) throws IOException;

    @Override
    void close();
  }
}
