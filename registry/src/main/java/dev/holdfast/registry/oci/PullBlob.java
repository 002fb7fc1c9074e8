// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.oci;

import dev.holdfast.http.Exchange.Header;
import dev.holdfast.registry.blob.BlobStore;
import dev.holdfast.registry.blob.BlobStoreException;
import dev.holdfast.registry.model.BlobLink;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.registry.model.Images;
import dev.holdfast.registry.plan.ByteRange;
import dev.holdfast.service.Access;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** {@code GET} and {@code HEAD} of a blob that is linked to the repository, whole or in part. */
final class PullBlob implements OciOperation {
  private static final System.Logger LOG = System.getLogger("registry");

  /** Up to this size a blob is read and checked before its first byte is sent. */
  static final int SMALL = 4 << 20;

  private static final String TYPE = "application/octet-stream";

  private static final Duration DAY = Duration.ofDays(1);
  private static final int MOST = 10_000;

  private final OciDependencies deps;

  /** When a large blob was last hashed on its way out. */
  private final Map<Digest, Instant> intact = new ConcurrentHashMap<>();

  private final boolean headOnly;

  PullBlob(OciDependencies deps, boolean headOnly) {
    this.deps = deps;
    this.headOnly = headOnly;
  }

  @Override
  public String event() {
    return headOnly ? "BatchCheckLayerAvailability" : "GetDownloadUrlForLayer";
  }

  @Override
  public Access access(OciCall call) {
    return call.demands("ecr:" + event());
  }

  @Override
  public void handle(OciCall call) throws IOException {
    Digest digest = call.digest();
    BlobLink link =
        deps.state()
            .read(
                view -> {
                  call.require(view);
                  return Images.blob(view, call.repository(), digest);
                });
    if (link == null) {
      throw OciError.blobUnknown(digest.text());
    }
    var name = new Header("Docker-Content-Digest", digest.text());
    try (BlobStore.Blob blob = deps.blobs().open(digest).orElse(null)) {
      if (blob == null) {
        throw damaged(digest);
      }
      if (blob.size() != link.size()) {
        throw damaged(digest);
      }
      if (headOnly) {
        call.respond(
            200,
            name,
            new Header("Content-Type", TYPE),
            new Header("Accept-Ranges", "bytes"),
            new Header("Content-Length", Long.toString(link.size())));
      } else {
        send(call, checked(blob, digest, call.call().now()), name);
      }
    } catch (HashedBlob.Damaged | BlobStore.Unreadable _) {
      // The connection breaks before the last bytes: no client takes what it got for the blob.
      throw new IOException(damaged(digest).text());
    }
  }

  /**
   * A blob that shows no wrong byte where it is small, and never its end where it is large. A large
   * one is hashed once a day, as by the scrub: to hash 200 MB costs 0.13 s, twice what it costs to
   * send them.
   */
  private BlobStore.Blob checked(BlobStore.Blob blob, Digest digest, Instant now)
      throws IOException {
    if (blob.size() > SMALL) {
      Instant last = intact.get(digest);
      if (last != null && Duration.between(last, now).abs().compareTo(DAY) < 0) {
        return blob;
      }
      return new HashedBlob(blob, digest, () -> remember(digest, now));
    }
    var bytes = new ByteArrayOutputStream((int) blob.size());
    try {
      blob.copy(0, blob.size(), bytes);
    } catch (BlobStore.Unreadable _) {
      throw damaged(digest);
    }
    if (!Digest.of(bytes.toByteArray()).equals(digest)) {
      throw damaged(digest);
    }
    return new BlobInMemory(bytes.toByteArray());
  }

  private void remember(Digest digest, Instant now) {
    if (intact.size() >= MOST) {
      intact.clear();
    }
    intact.put(digest, now);
  }

  /** Sets the blob aside, so that the next push brings it again; where it can be. */
  private OciError damaged(Digest digest) {
    intact.remove(digest);
    try {
      boolean aside = deps.blobs().quarantine(digest);
      LOG.log(
          System.Logger.Level.ERROR,
          aside
              ? "the blob {0} is missing or was damaged and set aside; push its image again"
              : "the blob {0} was damaged and is whole again",
          digest);
    } catch (BlobStoreException e) {
      LOG.log(
          System.Logger.Level.ERROR,
          "the blob " + digest + " is damaged and cannot be set aside: " + e.getMessage(),
          e);
      return new OciError(
          404,
          "BLOB_UNKNOWN",
          "the blob `"
              + digest
              + "` is damaged on the registry's disk, which takes no writes; push the image again"
              + " once it does");
    }
    return new OciError(
        404,
        "BLOB_UNKNOWN",
        "the blob `"
            + digest
            + "` was damaged on the registry's disk and is set aside;"
            + " push the image again");
  }

  private static void send(OciCall call, BlobStore.Blob blob, Header name) throws IOException {
    String header = call.exchange().header("Range");
    ByteRange.Asked asked =
        header == null ? new ByteRange.Asked.Whole() : ByteRange.asked(header, blob.size());
    switch (asked) {
      case ByteRange.Asked.Whole() -> stream(call, blob, 200, 0, blob.size(), List.of(name));
      case ByteRange.Asked.Part(ByteRange range) ->
          stream(
              call,
              blob,
              206,
              range.first(),
              range.length(),
              List.of(
                  name,
                  new Header(
                      "Content-Range",
                      "bytes " + range.first() + "-" + range.last() + "/" + blob.size())));
      case ByteRange.Asked.Unsatisfiable() ->
          throw new OciError(416, "SIZE_INVALID", "the blob has " + blob.size() + " bytes")
              .with("Content-Range", "bytes */" + blob.size());
    }
  }

  private static void stream(
      OciCall call, BlobStore.Blob blob, int status, long from, long length, List<Header> headers)
      throws IOException {
    var all = new java.util.ArrayList<>(headers);
    all.add(new Header("Content-Type", TYPE));
    all.add(new Header("Accept-Ranges", "bytes"));
    try (OutputStream out = call.exchange().stream(status, call.common(all), length)) {
      blob.copy(from, length, out);
    }
  }
}
