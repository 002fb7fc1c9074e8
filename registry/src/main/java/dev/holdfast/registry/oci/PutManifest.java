// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.oci;

import dev.holdfast.http.Exchange.Header;
import dev.holdfast.registry.blob.BlobStore;
import dev.holdfast.registry.model.BlobLink;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.registry.model.Image;
import dev.holdfast.registry.model.ImageTag;
import dev.holdfast.registry.model.Images;
import dev.holdfast.registry.model.Repository;
import dev.holdfast.registry.model.RepositoryId;
import dev.holdfast.registry.plan.ImageReference;
import dev.holdfast.registry.plan.ManifestParser;
import dev.holdfast.registry.plan.ParsedManifest;
import dev.holdfast.registry.plan.ParsedManifest.Descriptor;
import dev.holdfast.service.Access;
import dev.holdfast.store.Tx;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code PUT} of a manifest by tag or digest. Everything that it lists must be there before it; the
 * bytes are kept exactly as they came.
 */
final class PutManifest implements OciOperation {
  /** ECR's limit; the distribution spec demands at least as much. */
  private static final int MOST = 4 * 1024 * 1024;

  private final OciDependencies deps;

  PutManifest(OciDependencies deps) {
    this.deps = deps;
  }

  @Override
  public String event() {
    return "PutImage";
  }

  @Override
  public Access access(OciCall call) {
    return call.demands("ecr:PutImage");
  }

  @Override
  public void handle(OciCall call) throws IOException {
    String reference = call.path().reference();
    boolean byDigest = reference.indexOf(':') >= 0;
    call.describe(byDigest ? "imageDigest" : "imageTag", reference);
    byte[] bytes = body(call);
    Digest digest = Digest.of(bytes);
    if (byDigest && !call.digest().equals(digest)) {
      throw new OciError(
          400, "DIGEST_INVALID", "the manifest has the digest " + digest + ", not " + reference);
    }
    if (!byDigest && !ImageReference.isTag(reference)) {
      throw new OciError(400, "MANIFEST_INVALID", "`" + reference + "` is no tag");
    }
    ParsedManifest manifest = parse(call, bytes);
    for (Descriptor descriptor : manifest.blobs()) {
      requireBlob(descriptor.digest());
    }
    Image image =
        deps.state()
            .commit(
                call.call(),
                tx -> put(tx, call, manifest, bytes, byDigest ? null : reference, digest));
    answer(call, image);
  }

  /** A blob that was set aside as damaged is not there, although its link is. */
  private void requireBlob(Digest digest) throws IOException {
    try (BlobStore.Blob blob = deps.blobs().open(digest).orElse(null)) {
      if (blob == null) {
        throw missing(digest);
      }
    }
  }

  private static OciError missing(Digest digest) {
    return new OciError(
        400,
        "MANIFEST_BLOB_UNKNOWN",
        "the manifest lists the blob " + digest + ", which was not pushed");
  }

  private static void answer(OciCall call, Image image) throws IOException {
    var headers = new ArrayList<Header>();
    headers.add(new Header("Location", call.location("manifests/" + image.digest())));
    headers.add(new Header("Docker-Content-Digest", image.digest().text()));
    Digest subject = image.subject();
    if (subject != null) {
      headers.add(new Header("OCI-Subject", subject.text()));
    }
    call.respond(201, headers, new byte[0]);
  }

  private static byte[] body(OciCall call) throws IOException {
    byte[] bytes = call.exchange().body().readNBytes(MOST + 1);
    if (bytes.length > MOST) {
      throw new OciError(413, "MANIFEST_INVALID", "a manifest has at most 4 MiB");
    }
    return bytes;
  }

  private static ParsedManifest parse(OciCall call, byte[] bytes) {
    String type = call.exchange().header("Content-Type");
    return switch (ManifestParser.parse(bytes, type == null ? "" : type)) {
      case ManifestParser.Result.Parsed(ParsedManifest manifest) -> manifest;
      case ManifestParser.Result.Malformed(String reason) ->
          throw new OciError(400, "MANIFEST_INVALID", reason);
    };
  }

  private static Image put(
      Tx tx,
      OciCall call,
      ParsedManifest manifest,
      byte[] bytes,
      @Nullable String tag,
      Digest digest) {
    Repository repository = call.require(tx);
    RepositoryId id = call.repository();
    long size = size(tx, id, manifest);
    if (tag != null) {
      tag(
          tx,
          call,
          repository,
          new ImageTag(id.region(), id.name(), tag, digest, call.call().now()));
    }
    Image known = Images.find(tx, id, digest);
    if (known != null) {
      return known;
    }
    Descriptor subject = manifest.subject();
    var image =
        new Image(
            id.region(),
            id.name(),
            digest,
            manifest.mediaType(),
            manifest.artifactType(),
            bytes.length,
            size,
            call.call().now(),
            digests(manifest.blobs()),
            digests(manifest.manifests()),
            subject == null ? null : subject.digest());
    Images.put(tx, id, image, bytes);
    return image;
  }

  private static List<Digest> digests(List<Descriptor> descriptors) {
    return descriptors.stream().map(Descriptor::digest).toList();
  }

  private static void tag(Tx tx, OciCall call, Repository repository, ImageTag tag) {
    Digest there = Images.tagged(tx, call.repository(), tag.tag()).orElse(null);
    if (there != null && there.equals(tag.digest())) {
      return;
    }
    if (there != null && repository.freezes(tag.tag())) {
      throw new OciError(
          400,
          "TAG_INVALID",
          "The image tag '"
              + tag.tag()
              + "' already exists in the '"
              + repository.name()
              + "' repository and cannot be overwritten because the tag is immutable."
              + " Push under a new tag, or allow it: aws ecr put-image-tag-mutability"
              + " --repository-name "
              + repository.name()
              + " --image-tag-mutability MUTABLE");
    }
    Images.tag(tx, call.repository(), tag);
  }

  /** Checks that all that a manifest lists is there, and how large it is. */
  private static long size(Tx tx, RepositoryId repository, ParsedManifest manifest) {
    long size = 0;
    for (Descriptor descriptor : manifest.blobs()) {
      BlobLink link = Images.blob(tx, repository, descriptor.digest());
      if (link == null) {
        throw missing(descriptor.digest());
      }
      same(descriptor, link.size());
      size += link.size();
    }
    for (Descriptor descriptor : manifest.manifests()) {
      Image child = Images.find(tx, repository, descriptor.digest());
      if (child == null) {
        throw new OciError(
            400,
            "MANIFEST_BLOB_UNKNOWN",
            "the index lists the manifest " + descriptor.digest() + ", which was not pushed");
      }
      same(descriptor, child.manifestSize());
      size = Math.max(size, child.size());
    }
    return size;
  }

  private static void same(Descriptor descriptor, long size) {
    if (descriptor.size() != size) {
      throw new OciError(
          400,
          "MANIFEST_INVALID",
          descriptor.digest() + " has " + size + " bytes, the manifest says " + descriptor.size());
    }
  }
}
