// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecr.BatchGetImageRequest;
import dev.holdfast.aws.ecr.BatchGetImageResponse;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.aws.ecr.ImageFailure;
import dev.holdfast.aws.ecr.ImageIdentifier;
import dev.holdfast.registry.model.Image;
import dev.holdfast.registry.model.Images;
import dev.holdfast.registry.model.RepositoryId;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;
import dev.holdfast.store.View;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;

/** {@code BatchGetImage}: manifests as they were pushed; none is converted to another type. */
public record BatchGetImage(State state)
    implements Operation<BatchGetImageRequest, BatchGetImageResponse> {

  @Override
  public OperationModel<BatchGetImageRequest, BatchGetImageResponse> model() {
    return EcrModel.BATCH_GET_IMAGE;
  }

  @Override
  public Access access(Call call, BatchGetImageRequest in) {
    return Access.of(
        "ecr:BatchGetImage", EcrFault.target(call, in.registryId(), in.repositoryName()).arn());
  }

  @Override
  public BatchGetImageResponse handle(Call call, BatchGetImageRequest in) {
    RepositoryId id = EcrFault.target(call, in.registryId(), in.repositoryName());
    return state.read(view -> get(view, id, in));
  }

  private static BatchGetImageResponse get(View view, RepositoryId id, BatchGetImageRequest in) {
    EcrFault.require(view, id);
    var images = new ArrayList<dev.holdfast.aws.ecr.Image>();
    var failures = new ArrayList<ImageFailure>();
    for (ImageIdentifier wanted : in.imageIds()) {
      switch (Lookup.of(view, id, wanted)) {
        case Lookup.Failed failed -> failures.add(failed.wire());
        case Lookup.Found(Image image, var tag) -> {
          if (in.acceptedMediaTypes().isEmpty()
              || in.acceptedMediaTypes().contains(image.mediaType())) {
            byte[] manifest = Images.manifest(view, id, image.digest());
            images.add(
                dev.holdfast.aws.ecr.Image.builder()
                    .registryId(id.account().digits())
                    .repositoryName(id.name())
                    .imageId(Wire.identifier(image, tag))
                    .imageManifest(new String(manifest, StandardCharsets.UTF_8))
                    .imageManifestMediaType(image.mediaType())
                    .build());
          } else {
            failures.add(
                new Lookup.Failed(
                        wanted,
                        "ImageNotFound",
                        "Requested image is of the media type '"
                            + image.mediaType()
                            + "', which acceptedMediaTypes does not list")
                    .wire());
          }
        }
      }
    }
    return BatchGetImageResponse.builder().images(images).failures(failures).build();
  }
}
