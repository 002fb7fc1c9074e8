// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.oci;

import dev.holdfast.http.Exchange.Header;
import dev.holdfast.registry.model.BlobLink;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.registry.model.Images;
import dev.holdfast.service.Access;
import dev.holdfast.service.Demand;
import dev.holdfast.service.State;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** {@code PUT} of an upload: the last bytes, if any, and the digest that all must have. */
final class CompleteUpload implements OciOperation {
  private final OciDependencies deps;
  private final Uploads uploads;

  CompleteUpload(OciDependencies deps, Uploads uploads) {
    this.deps = deps;
    this.uploads = uploads;
  }

  @Override
  public String event() {
    return "CompleteLayerUpload";
  }

  @Override
  public Access access(OciCall call) {
    Access complete = call.demands("ecr:CompleteLayerUpload");
    return hasBody(call)
        ? complete.and(Demand.on("ecr:UploadLayerPart", call.repository().arn()))
        : complete;
  }

  private static boolean hasBody(OciCall call) {
    @Nullable String length = call.exchange().header("Content-Length");
    return call.exchange().header("Transfer-Encoding") != null
        || (length != null && !length.equals("0"));
  }

  @Override
  public void handle(OciCall call) throws IOException {
    String text = call.parameter("digest");
    String id = call.path().reference();
    Digest digest;
    try (Uploads.Work work = uploads.take(call.repository(), id, call.call().now())) {
      work.keep();
      digest = OciCall.digest(text == null ? "" : text);
      UploadChunk.receive(call, work);
      finish(deps.state(), call, work.upload(), digest);
    }
    created(call, digest);
  }

  /** Makes an upload a blob of its repository. */
  static void finish(State state, OciCall call, Uploads.Upload upload, Digest digest)
      throws IOException {
    call.describe("layerDigest", digest.text());
    if (!upload.ingest().publish(digest)) {
      throw new OciError(
          400, "DIGEST_INVALID", "the bytes that came do not have the digest " + digest);
    }
    var link = new BlobLink(digest, upload.ingest().size(), call.call().now());
    state.commit(
        call.call(),
        tx -> {
          call.require(tx);
          Images.link(tx, call.repository(), link);
          return link;
        });
  }

  static void created(OciCall call, Digest digest) throws IOException {
    call.respond(
        201,
        new Header("Location", call.location("blobs/" + digest)),
        new Header("Docker-Content-Digest", digest.text()));
  }
}
