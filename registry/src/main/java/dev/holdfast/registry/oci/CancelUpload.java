// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.oci;

import dev.holdfast.service.Access;
import java.io.IOException;

/** {@code DELETE} of an upload: nothing of it stays. */
final class CancelUpload implements OciOperation {
  private final Uploads uploads;

  CancelUpload(Uploads uploads) {
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
    uploads.take(call.repository(), call.path().reference(), call.call().now()).close();
    call.respond(204);
  }
}
