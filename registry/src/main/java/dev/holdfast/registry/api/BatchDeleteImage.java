// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecr.BatchDeleteImageRequest;
import dev.holdfast.aws.ecr.BatchDeleteImageResponse;
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
import dev.holdfast.store.Tx;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code BatchDeleteImage}: by digest an image goes with all its tags; by tag the tag goes, and the
 * image with its last one.
 */
public record BatchDeleteImage(State state)
    implements Operation<BatchDeleteImageRequest, BatchDeleteImageResponse> {

  @Override
  public OperationModel<BatchDeleteImageRequest, BatchDeleteImageResponse> model() {
    return EcrModel.BATCH_DELETE_IMAGE;
  }

  @Override
  public Access access(Call call, BatchDeleteImageRequest in) {
    return Access.of(
        "ecr:BatchDeleteImage", EcrFault.target(call, in.registryId(), in.repositoryName()).arn());
  }

  @Override
  public BatchDeleteImageResponse handle(Call call, BatchDeleteImageRequest in) {
    RepositoryId id = EcrFault.target(call, in.registryId(), in.repositoryName());
    return state.commit(
        call,
        tx -> {
          EcrFault.require(tx, id);
          var deleted = new ArrayList<ImageIdentifier>();
          var failures = new ArrayList<ImageFailure>();
          for (ImageIdentifier wanted : in.imageIds()) {
            switch (Lookup.of(tx, id, wanted)) {
              case Lookup.Failed failed -> failures.add(failed.wire());
              case Lookup.Found(Image image, var tag) ->
                  delete(tx, id, image, tag, deleted, failures);
            }
          }
          return BatchDeleteImageResponse.builder().imageIds(deleted).failures(failures).build();
        });
  }

  private static void delete(
      Tx tx,
      RepositoryId id,
      Image image,
      @Nullable String tag,
      List<ImageIdentifier> deleted,
      List<ImageFailure> failures) {
    List<String> tags = Images.tags(tx, id, image.digest());
    if (tag != null && tags.size() > 1) {
      Images.untag(tx, id, tag);
      deleted.add(Wire.identifier(image, tag));
      return;
    }
    List<Image> parents = Images.parents(tx, id, image.digest());
    if (!parents.isEmpty()) {
      failures.add(
          new Lookup.Failed(
                  Wire.identifier(image, tag),
                  "ImageReferencedByManifestList",
                  "Requested image referenced by manifest list: "
                      + parents.stream().map(parent -> parent.digest().text()).toList())
              .wire());
      return;
    }
    Images.delete(tx, id, image.digest());
    if (tags.isEmpty()) {
      deleted.add(Wire.identifier(image, null));
    }
    tags.forEach(gone -> deleted.add(Wire.identifier(image, gone)));
  }
}
