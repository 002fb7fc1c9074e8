// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.oci;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Ids;
import dev.holdfast.registry.blob.BlobStore;
import dev.holdfast.registry.blob.BlobStoreException;
import dev.holdfast.registry.model.RepositoryId;
import dev.holdfast.registry.plan.UploadShare;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * The uploads that are on their way. They live in this process: after a restart clients start over.
 * One that nobody touches for an hour is dropped when the next one starts. Where all places are
 * taken, the account that has most loses the one that it left alone longest to an account that has
 * fewer.
 */
final class Uploads {
  private static final Duration IDLE = Duration.ofHours(1);

  /** Each holds a file open. */
  static final int MOST = 1000;

  /** An upload; its lock is held by the one request that works on it. */
  static final class Upload {
    private final String id;
    private final RepositoryId repository;
    private final AccountId owner;
    private final BlobStore.Ingest ingest;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Instant touched;

    private Upload(
        String id,
        RepositoryId repository,
        AccountId owner,
        BlobStore.Ingest ingest,
        Instant touched) {
      this.id = id;
      this.repository = repository;
      this.owner = owner;
      this.ingest = ingest;
      this.touched = touched;
    }

    String id() {
      return id;
    }

    BlobStore.Ingest ingest() {
      return ingest;
    }

    /** The {@code Range} header of an answer: what has come so far. */
    String range() {
      return "0-" + Math.max(0, ingest.size() - 1);
    }
  }

  private final BlobStore blobs;
  private final RandomGenerator random;
  private final Map<String, Upload> uploads = new ConcurrentHashMap<>();

  Uploads(BlobStore blobs, RandomGenerator random) {
    this.blobs = blobs;
    this.random = random;
  }

  /**
   * Begins an upload.
   *
   * @param owner the account that sends it, whoever's repository it is for
   */
  Upload start(RepositoryId repository, AccountId owner, Instant now) throws BlobStoreException {
    sweep(now);
    if (uploads.size() >= MOST && !makeRoom(owner)) {
      throw new OciError(429, "TOOMANYREQUESTS", "too many uploads are on their way; try again")
          .with("Retry-After", "5");
    }
    var upload = new Upload(Ids.uuid(random), repository, owner, blobs.ingest(), now);
    uploads.put(upload.id, upload);
    return upload;
  }

  /** Drops an upload of whoever has most, where that is more than the caller has. */
  private boolean makeRoom(AccountId caller) {
    var counts = new HashMap<AccountId, Integer>();
    uploads.values().forEach(upload -> counts.merge(upload.owner, 1, Integer::sum));
    AccountId loser = UploadShare.yields(counts, caller).orElse(null);
    List<Upload> oldest =
        uploads.values().stream()
            .filter(upload -> upload.owner.equals(loser))
            .sorted(Comparator.comparing((Upload upload) -> upload.touched))
            .toList();
    for (Upload upload : oldest) {
      if (upload.lock.tryLock()) {
        drop(upload);
        return true;
      }
    }
    return false;
  }

  /**
   * Takes an upload to work on.
   *
   * @throws OciError where there is none, or another request works on it
   */
  Work take(RepositoryId repository, String id, Instant now) {
    Upload upload = uploads.get(id);
    if (upload == null || !upload.repository.equals(repository)) {
      throw OciError.uploadUnknown();
    }
    if (!upload.lock.tryLock()) {
      throw new OciError(409, "BLOB_UPLOAD_INVALID", "another request is working on this upload");
    }
    if (uploads.get(id) != upload) {
      upload.lock.unlock();
      throw OciError.uploadUnknown();
    }
    upload.touched = now;
    return new Work(upload);
  }

  /** A request's hold on an upload: whatever ends it early removes the upload. */
  final class Work implements AutoCloseable {
    private final Upload upload;
    private boolean keep;

    private Work(Upload upload) {
      this.upload = upload;
    }

    Upload upload() {
      return upload;
    }

    /** The upload goes on after this request. */
    void keep() {
      keep = true;
    }

    /** Takes a request's body; a fault in the middle is the upload's end. */
    long receive(InputStream body) throws IOException {
      keep = false;
      return upload.ingest.append(body);
    }

    @Override
    public void close() {
      if (keep) {
        upload.lock.unlock();
      } else {
        drop(upload);
      }
    }
  }

  private void drop(Upload upload) {
    uploads.remove(upload.id);
    upload.ingest.close();
    upload.lock.unlock();
  }

  int size() {
    return uploads.size();
  }

  private void sweep(Instant now) {
    for (Upload upload : uploads.values()) {
      if (upload.touched.plus(IDLE).isBefore(now) && upload.lock.tryLock()) {
        drop(upload);
      }
    }
  }

  /** Drops every upload. */
  void close() {
    for (Upload upload : uploads.values()) {
      upload.lock.lock();
      drop(upload);
    }
  }
}
