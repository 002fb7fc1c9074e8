// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.oci;

import dev.holdfast.http.Exchange.Header;
import dev.holdfast.registry.model.Image;
import dev.holdfast.registry.model.Images;
import dev.holdfast.service.Access;
import java.io.IOException;
import java.util.List;

/** {@code GET} and {@code HEAD} of a manifest: exactly the bytes that were pushed. */
final class PullManifest implements OciOperation {
  private record Found(Image image, Body body) {}

  @SuppressWarnings("ArrayRecordComponent")
  private record Body(byte[] bytes) {}

  private final OciDependencies deps;

  PullManifest(OciDependencies deps) {
    this.deps = deps;
  }

  @Override
  public String event() {
    return "BatchGetImage";
  }

  @Override
  public Access access(OciCall call) {
    return call.demands("ecr:BatchGetImage");
  }

  @Override
  public boolean audited() {
    return true;
  }

  @Override
  public void handle(OciCall call) throws IOException {
    String reference = call.path().reference();
    if (reference.indexOf(':') >= 0) {
      var _ = call.digest();
    }
    call.describe(reference.indexOf(':') >= 0 ? "imageDigest" : "imageTag", reference);
    Found found =
        deps.state()
            .read(
                view -> {
                  call.require(view);
                  Image image = Images.named(view, call.repository(), reference);
                  if (image == null) {
                    throw OciError.manifestUnknown(reference);
                  }
                  byte[] bytes = Images.manifest(view, call.repository(), image.digest());
                  return new Found(image, new Body(bytes));
                });
    byte[] bytes = found.body().bytes();
    var type = new Header("Content-Type", found.image().mediaType());
    var digest = new Header("Docker-Content-Digest", found.image().digest().text());
    if (call.exchange().method().equals("HEAD")) {
      call.respond(200, type, digest, new Header("Content-Length", Integer.toString(bytes.length)));
    } else {
      call.respond(200, List.of(type, digest), bytes);
    }
  }
}
