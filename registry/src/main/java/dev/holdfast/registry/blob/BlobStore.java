// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.blob;

import dev.holdfast.kit.Hashes;
import dev.holdfast.registry.model.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Content named by its digest. A blob is invisible until every byte is durable and its digest is
 * verified; the same digest may be brought by many writers at once.
 *
 * <p>Every implementation passes {@code BlobStoreContract}.
 */
public interface BlobStore extends BlobInventory {

  /** Starts a blob that nobody sees yet. */
  Ingest ingest() throws BlobStoreException;

  /**
   * Opens a blob for reading; what was opened stays readable when the blob is deleted.
   *
   * @return empty where there is none
   */
  Optional<Blob> open(Digest digest) throws BlobStoreException;

  /**
   * Deletes a blob that was brought before {@code since} and not again after.
   *
   * @return whether it is gone
   */
  boolean delete(Digest digest, Instant since) throws BlobStoreException;

  /**
   * Sets a blob aside where its bytes have another digest: from then on it is absent, until
   * somebody brings it again. Nothing is deleted. That one is missing is kept in mind likewise.
   *
   * @return whether it was damaged, or is missing
   * @throws BlobStoreException where it cannot be; then it is among the {@link #stuck}
   */
  boolean quarantine(Digest digest) throws BlobStoreException;

  /** The blobs that were set aside or found missing, and not brought again. */
  List<Digest> quarantined() throws BlobStoreException;

  /** The blobs that were to be set aside and could not be, and why; until that is done. */
  Map<Digest, String> stuck();

  @Override
  default Verdict verify(Digest digest) throws BlobStoreException {
    Optional<Blob> there = open(digest);
    if (there.isEmpty()) {
      return Verdict.ABSENT;
    }
    MessageDigest hash = Hashes.sha256();
    try (Blob blob = there.get();
        var out = new DigestOutputStream(OutputStream.nullOutputStream(), hash)) {
      blob.copy(0, blob.size(), out);
    } catch (Unreadable _) {
      return Verdict.DAMAGED;
    } catch (IOException e) {
      throw new BlobStoreException("the check of a blob was cut off", false, e);
    }
    return Digest.ofHash(hash.digest()).equals(digest) ? Verdict.INTACT : Verdict.DAMAGED;
  }

  /** A blob's bytes do not come from its disk. */
  final class Unreadable extends IOException {
    private static final long serialVersionUID = 1;

    public Unreadable(String message, @Nullable IOException cause) {
      super(message, cause);
    }
  }

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

    /**
     * Writes {@code length} bytes from {@code from} on.
     *
     * @throws Unreadable where they cannot be read
     */
    void copy(long from, long length, OutputStream out) throws IOException;

    @Override
    void close();
  }
}
