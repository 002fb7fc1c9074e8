// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.oci;

import dev.holdfast.registry.model.Digest;
import dev.holdfast.registry.model.Image;
import dev.holdfast.registry.model.Images;
import dev.holdfast.service.Access;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** {@code DELETE} of a manifest by digest, with its tags, or of a tag alone. */
final class DeleteManifest implements OciOperation {
  private final OciDependencies deps;

  DeleteManifest(OciDependencies deps) {
    this.deps = deps;
  }

  @Override
  public String event() {
    return "BatchDeleteImage";
  }

  @Override
  public Access access(OciCall call) {
    return call.demands("ecr:BatchDeleteImage");
  }

  @Override
  public void handle(OciCall call) throws IOException {
    String reference = call.path().reference();
    Optional<Digest> digest =
        reference.indexOf(':') >= 0 ? Optional.of(call.digest()) : Optional.empty();
    call.describe(digest.isPresent() ? "imageDigest" : "imageTag", reference);
    deps.state()
        .commit(
            call.call(),
            tx -> {
              call.require(tx);
              if (Images.named(tx, call.repository(), reference) == null) {
                throw OciError.manifestUnknown(reference);
              }
              if (digest.isEmpty()) {
                Images.untag(tx, call.repository(), reference);
                return reference;
              }
              List<Image> parents = Images.parents(tx, call.repository(), digest.get());
              if (!parents.isEmpty()) {
                throw new OciError(
                    400,
                    "DENIED",
                    "Requested image referenced by manifest list: ["
                        + parents.getFirst().digest()
                        + "]; delete that first");
              }
              Images.delete(tx, call.repository(), digest.get());
              return reference;
            });
    call.respond(202);
  }
}
