// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.oci;

import dev.holdfast.http.Exchange.Header;
import dev.holdfast.service.Access;
import java.io.IOException;

/** {@code GET} of an upload: how far it is. */
final class UploadStatus implements OciOperation {
  private final Uploads uploads;

  UploadStatus(Uploads uploads) {
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
      work.keep();
      range = work.upload().range();
    }
    call.respond(
        204,
        new Header("Location", call.location("blobs/uploads/" + id)),
        new Header("Docker-Upload-UUID", id),
        new Header("Range", range));
  }
}
