// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.oci;

import dev.holdfast.http.Exchange.Header;
import dev.holdfast.registry.plan.ByteRange;
import dev.holdfast.service.Access;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** {@code PATCH} of an upload: the next bytes, in order. */
final class UploadChunk implements OciOperation {
  private final Uploads uploads;

  UploadChunk(Uploads uploads) {
    this.uploads = uploads;
  }

  @Override
  public String event() {
    return "UploadLayerPart";
  }

  @Override
  public Access access(OciCall call) {
    return call.demands("ecr:UploadLayerPart");
  }

  @Override
  public void handle(OciCall call) throws IOException {
    String id = call.path().reference();
    String range;
    try (Uploads.Work work = uploads.take(call.repository(), id, call.call().now())) {
      receive(call, work);
      work.keep();
      range = work.upload().range();
    }
    // Answered only when the upload is free again: the next request may come at once.
    call.respond(
        202,
        new Header("Location", call.location("blobs/uploads/" + id)),
        new Header("Docker-Upload-UUID", id),
        new Header("Range", range));
  }

  /**
   * Takes a request's bytes.
   *
   * @throws OciError 416 where they do not follow on what came before; the upload then goes on
   */
  static void receive(OciCall call, Uploads.Work work) throws IOException {
    ByteRange range = range(call, work);
    long received = work.receive(call.exchange().body());
    if (range != null && received != range.length()) {
      throw new OciError(
          400,
          "SIZE_INVALID",
          "the chunk has " + received + " bytes, its Content-Range " + range.length());
    }
  }

  private static @Nullable ByteRange range(OciCall call, Uploads.Work work) {
    String header = call.exchange().header("Content-Range");
    if (header == null) {
      return null;
    }
    ByteRange range = ByteRange.content(header).orElse(null);
    long expected = work.upload().ingest().size();
    if (range == null || range.first() != expected) {
      work.keep();
      throw new OciError(416, "BLOB_UPLOAD_INVALID", "the next chunk begins at byte " + expected)
          .with("Location", call.location("blobs/uploads/" + work.upload().id()))
          .with("Range", work.upload().range());
    }
    return range;
  }
}
