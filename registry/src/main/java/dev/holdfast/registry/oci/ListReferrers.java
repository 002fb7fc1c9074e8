// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.oci;

import dev.holdfast.http.Exchange.Header;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.registry.model.Image;
import dev.holdfast.registry.model.Images;
import dev.holdfast.registry.plan.ManifestParser;
import dev.holdfast.service.Access;
import dev.holdfast.store.View;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code GET referrers}: what is said about an image (signatures, attestations), as an index; empty
 * where nothing is, or where the image does not exist.
 */
final class ListReferrers implements OciOperation {
  private final OciDependencies deps;

  ListReferrers(OciDependencies deps) {
    this.deps = deps;
  }

  @Override
  public String event() {
    return "ListImageReferrers";
  }

  /** AWS grants it with the right to pull. */
  @Override
  public Access access(OciCall call) {
    return call.demands("ecr:BatchGetImage");
  }

  @Override
  public void handle(OciCall call) throws IOException {
    Digest subject = call.digest();
    String type = call.parameter("artifactType");
    List<JsonValue> found =
        deps.state()
            .read(
                view -> {
                  call.require(view);
                  var items = new ArrayList<JsonValue>();
                  for (Image image : Images.referrers(view, call.repository(), subject)) {
                    if (type == null || type.equals(image.artifactType())) {
                      items.add(descriptor(view, call, image));
                    }
                  }
                  return items;
                });
    JsonObject index =
        JsonObject.EMPTY
            .with("schemaVersion", 2)
            .with("mediaType", ManifestParser.OCI_INDEX)
            .with("manifests", new JsonArray(found));
    var headers = new ArrayList<Header>();
    headers.add(new Header("Content-Type", ManifestParser.OCI_INDEX));
    if (type != null) {
      headers.add(new Header("OCI-Filters-Applied", "artifactType"));
    }
    call.respond(200, headers, Json.bytes(index));
  }

  private static JsonObject descriptor(View view, OciCall call, Image image) {
    JsonObject descriptor =
        JsonObject.EMPTY
            .with("mediaType", image.mediaType())
            .with("digest", image.digest().text())
            .with("size", image.manifestSize());
    if (image.artifactType() != null) {
      descriptor = descriptor.with("artifactType", image.artifactType());
    }
    byte[] bytes = Images.manifest(view, call.repository(), image.digest());
    JsonObject annotations = Json.parseObject(bytes).object("annotations");
    return annotations.members().isEmpty()
        ? descriptor
        : descriptor.with("annotations", annotations);
  }
}
