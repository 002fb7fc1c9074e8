// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.oci;

import dev.holdfast.aws.ApiError;
import dev.holdfast.http.Exchange.Header;
import dev.holdfast.registry.blob.BlobStore;
import dev.holdfast.registry.model.BlobLink;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.registry.model.Images;
import dev.holdfast.registry.model.RepositoryId;
import dev.holdfast.service.Access;
import dev.holdfast.service.Demand;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST blobs/uploads/}: starts an upload, takes a whole blob at once ({@code digest=}), or
 * links one that another repository has ({@code mount=}, {@code from=}) and that the caller could
 * pull from there.
 */
final class StartUpload implements OciOperation {
  private final OciDependencies deps;
  private final Uploads uploads;

  StartUpload(OciDependencies deps, Uploads uploads) {
    this.deps = deps;
    this.uploads = uploads;
  }

  @Override
  public String event() {
    return "InitiateLayerUpload";
  }

  @Override
  public Access access(OciCall call) {
    Access start = call.demands("ecr:InitiateLayerUpload");
    return call.parameter("digest") == null
        ? start
        : start
            .and(Demand.on("ecr:UploadLayerPart", call.repository().arn()))
            .and(Demand.on("ecr:CompleteLayerUpload", call.repository().arn()));
  }

  @Override
  public void handle(OciCall call) throws IOException {
    deps.state().read(call::require);
    String algorithm = call.parameter("digest-algorithm");
    if (algorithm != null && !algorithm.equals("sha256")) {
      throw new OciError(400, "UNSUPPORTED", "digests are sha256 here, not `" + algorithm + "`");
    }
    String mount = call.parameter("mount");
    String digest = call.parameter("digest");
    if (mount != null && mounted(call, OciCall.digest(mount))) {
      CompleteUpload.created(call, OciCall.digest(mount));
    } else if (digest != null) {
      whole(call, OciCall.digest(digest));
    } else {
      begin(call);
    }
  }

  private void begin(OciCall call) throws IOException {
    Uploads.Upload upload =
        uploads.start(call.repository(), call.call().account(), call.call().now());
    call.respond(
        202,
        new Header("Location", call.location("blobs/uploads/" + upload.id())),
        new Header("Docker-Upload-UUID", upload.id()),
        new Header("Range", upload.range()));
  }

  private void whole(OciCall call, Digest digest) throws IOException {
    String id = uploads.start(call.repository(), call.call().account(), call.call().now()).id();
    try (Uploads.Work work = uploads.take(call.repository(), id, call.call().now())) {
      work.receive(call.exchange().body());
      CompleteUpload.finish(deps.state(), call, work.upload(), digest);
    }
    CompleteUpload.created(call, digest);
  }

  private boolean mounted(OciCall call, Digest digest) throws IOException {
    RepositoryId source = source(call);
    if (source == null || !mayPull(call, source)) {
      return false;
    }
    call.describe("layerDigest", digest.text());
    if (deps.state().read(view -> Images.blob(view, source, digest)) == null || !there(digest)) {
      return false;
    }
    return deps.state()
        .commit(
            call.call(),
            tx -> {
              call.require(tx);
              BlobLink there = Images.blob(tx, source, digest);
              if (there == null) {
                return false;
              }
              Images.link(
                  tx, call.repository(), new BlobLink(digest, there.size(), call.call().now()));
              return true;
            });
  }

  /** Whether the blob itself is there: a damaged one was set aside, and its link stays. */
  private boolean there(Digest digest) throws IOException {
    try (BlobStore.Blob blob = deps.blobs().open(digest).orElse(null)) {
      return blob != null;
    }
  }

  private static @Nullable RepositoryId source(OciCall call) {
    String from = call.parameter("from");
    return from == null
        ? null
        : RepositoryId.addressed(from, call.call().account(), call.call().region()).orElse(null);
  }

  /** Whoever may not pull from the source gets no link, and no word about what is there. */
  private boolean mayPull(OciCall call, RepositoryId source) {
    try {
      deps.guard()
          .require(
              call.call(),
              Access.of("ecr:GetDownloadUrlForLayer", source.arn())
                  .and(Demand.on("ecr:BatchCheckLayerAvailability", source.arn())));
      return true;
    } catch (ApiError _) {
      return false;
    }
  }
}
