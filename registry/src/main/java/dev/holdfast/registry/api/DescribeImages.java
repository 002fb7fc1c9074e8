// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecr.DescribeImagesFilter;
import dev.holdfast.aws.ecr.DescribeImagesRequest;
import dev.holdfast.aws.ecr.DescribeImagesResponse;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.aws.ecr.ImageDetail;
import dev.holdfast.aws.ecr.ImageIdentifier;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code DescribeImages}. */
public record DescribeImages(State state, PageTokens pages)
    implements Operation<DescribeImagesRequest, DescribeImagesResponse> {
  private static final int PAGE = 100;

  @Override
  public OperationModel<DescribeImagesRequest, DescribeImagesResponse> model() {
    return EcrModel.DESCRIBE_IMAGES;
  }

  @Override
  public Access access(Call call, DescribeImagesRequest in) {
    return Access.of(
        "ecr:DescribeImages", EcrFault.target(call, in.registryId(), in.repositoryName()).arn());
  }

  @Override
  public DescribeImagesResponse handle(Call call, DescribeImagesRequest in) {
    RepositoryId id = EcrFault.target(call, in.registryId(), in.repositoryName());
    if (!in.imageIds().isEmpty()) {
      if (in.maxResults() != null || in.nextToken() != null) {
        throw EcrFault.invalid("imageIds", "maxResults and nextToken do not go with imageIds");
      }
      return state.read(view -> named(view, id, in.imageIds()));
    }
    DescribeImagesFilter filter = in.filter();
    Integer most = in.maxResults();
    var listing =
        new PageTokens.Listing(
            "DescribeImages", id.arn() + " " + filter, most == null ? PAGE : most);
    PageTokens.Page<Listed> page =
        state
            .read(
                view -> {
                  EcrFault.require(view, id);
                  return pages.page(
                      call,
                      listing,
                      (after, limit) -> Listed.after(view, id, after, limit),
                      listed -> listed.image().digest().text(),
                      listed ->
                          filter == null || listed.passes(filter.tagStatus(), filter.imageStatus()),
                      in.nextToken());
                })
            .orElseThrow(EcrFault::invalidNextToken);
    return DescribeImagesResponse.builder()
        .imageDetails(
            page.items().stream()
                .map(listed -> Wire.detail(id, listed.image(), listed.tags()))
                .toList())
        .nextToken(page.next())
        .build();
  }

  private static DescribeImagesResponse named(
      View view, RepositoryId id, List<ImageIdentifier> ids) {
    EcrFault.require(view, id);
    Map<Digest, ImageDetail> found = new LinkedHashMap<>();
    for (ImageIdentifier wanted : ids) {
      switch (Lookup.of(view, id, wanted)) {
        case Lookup.Found(Image image, _) ->
            found.computeIfAbsent(
                image.digest(), digest -> Wire.detail(id, image, Images.tags(view, id, digest)));
        case Lookup.Failed failed -> {
          if (failed.code().equals("ImageNotFound")) {
            throw EcrFault.imageNotFound(id, wanted);
          }
          throw EcrFault.invalid("imageIds", failed.reason());
        }
      }
    }
    return DescribeImagesResponse.builder().imageDetails(List.copyOf(found.values())).build();
  }
}
