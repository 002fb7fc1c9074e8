// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.aws.ecr.ImageIdentifier;
import dev.holdfast.aws.ecr.ListImagesFilter;
import dev.holdfast.aws.ecr.ListImagesRequest;
import dev.holdfast.aws.ecr.ListImagesResponse;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.registry.model.Image;
import dev.holdfast.registry.model.Images;
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
    Integer most = in.maxResults();
    var listing =
        new PageTokens.Listing(
            "ListImages", id.arn() + " " + in.filter(), most == null ? PAGE : most);
    PageTokens.Page<ImageIdentifier> page =
        state
            .read(
                view -> {
                  EcrFault.require(view, id);
                  return pages.page(
                      call,
                      listing,
                      (after, limit) -> identifiers(view, id, after, limit),
                      ListImages::key,
                      entry -> passes(in.filter(), entry),
                      in.nextToken());
                })
            .orElseThrow(EcrFault::invalidNextToken);
    return ListImagesResponse.builder().imageIds(page.items()).nextToken(page.next()).build();
  }

  private static String key(ImageIdentifier id) {
    return id.imageDigest() + " " + (id.imageTag() == null ? "" : id.imageTag());
  }

  /** Entries after one of them: first what is left of its image, then those of the next images. */
  private static List<ImageIdentifier> identifiers(
      View view, RepositoryId id, @Nullable String after, int limit) {
    var found = new ArrayList<ImageIdentifier>();
    String last = null;
    if (after != null) {
      last = after.substring(0, after.indexOf(' '));
      Image image = Images.find(view, id, new Digest(last));
      if (image != null) {
        entries(Listed.of(view, id, image)).stream()
            .filter(entry -> key(entry).compareTo(after) > 0)
            .forEach(found::add);
      }
    }
    if (found.size() < limit) {
      Listed.after(view, id, last, limit - found.size())
          .forEach(listed -> found.addAll(entries(listed)));
    }
    return found.subList(0, Math.min(limit, found.size()));
  }

  private static List<ImageIdentifier> entries(Listed listed) {
    return listed.tags().isEmpty()
        ? List.of(Wire.identifier(listed.image(), null))
        : listed.tags().stream().map(tag -> Wire.identifier(listed.image(), tag)).toList();
  }

  private static boolean passes(@Nullable ListImagesFilter filter, ImageIdentifier id) {
    return filter == null
        || Listed.passes(id.imageTag() != null, filter.tagStatus(), filter.imageStatus());
  }
}
