// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.aws.ecr.ImageIdentifier;
import dev.holdfast.aws.ecr.ListImagesFilter;
import dev.holdfast.aws.ecr.ListImagesRequest;
import dev.holdfast.aws.ecr.ListImagesResponse;
import dev.holdfast.registry.model.RepositoryId;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.State;
import dev.holdfast.store.View;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code ListImages}: one entry for each tag, and for each image without one. */
public record ListImages(State state, PageTokens pages)
    implements Operation<ListImagesRequest, ListImagesResponse> {
  private static final int PAGE = 100;

  @Override
  public OperationModel<ListImagesRequest, ListImagesResponse> model() {
    return EcrModel.LIST_IMAGES;
  }

  @Override
  public Access access(Call call, ListImagesRequest in) {
    return Access.of(
        "ecr:ListImages", EcrFault.target(call, in.registryId(), in.repositoryName()).arn());
  }

  @Override
  public ListImagesResponse handle(Call call, ListImagesRequest in) {
    RepositoryId id = EcrFault.target(call, in.registryId(), in.repositoryName());
    List<ImageIdentifier> all = state.read(view -> identifiers(view, id, in.filter()));
    Integer most = in.maxResults();
    var listing =
        new PageTokens.Listing(
            "ListImages", id.arn() + " " + in.filter(), most == null ? PAGE : most);
    PageTokens.Page<ImageIdentifier> page =
        pages
            .page(call, listing, all, ListImages::key, in.nextToken())
            .orElseThrow(EcrFault::invalidNextToken);
    return ListImagesResponse.builder().imageIds(page.items()).nextToken(page.next()).build();
  }

  private static String key(ImageIdentifier id) {
    return id.imageDigest() + " " + (id.imageTag() == null ? "" : id.imageTag());
  }

  private static List<ImageIdentifier> identifiers(
      View view, RepositoryId id, @Nullable ListImagesFilter filter) {
    EcrFault.require(view, id);
    var found = new ArrayList<ImageIdentifier>();
    for (Listed listed : Listed.all(view, id)) {
      if (filter == null || listed.passes(filter.tagStatus(), filter.imageStatus())) {
        if (listed.tags().isEmpty()) {
          found.add(Wire.identifier(listed.image(), null));
        }
        listed.tags().forEach(tag -> found.add(Wire.identifier(listed.image(), tag)));
      }
    }
    return found;
  }
}
