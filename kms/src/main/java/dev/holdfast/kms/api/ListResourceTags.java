// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.aws.kms.ListResourceTagsRequest;
import dev.holdfast.aws.kms.ListResourceTagsResponse;
import dev.holdfast.aws.kms.Tag;
import dev.holdfast.kms.model.KmsKey;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.Tags;
import java.util.Comparator;
import java.util.List;

/** Lists a key's tags. */
public record ListResourceTags(Keys keys, PageTokens pages)
    implements Operation<ListResourceTagsRequest, ListResourceTagsResponse> {
  @Override
  public OperationModel<ListResourceTagsRequest, ListResourceTagsResponse> model() {
    return KmsModel.LIST_RESOURCE_TAGS;
  }

  @Override
  public Access access(Call call, ListResourceTagsRequest in) {
    return keys.access(call, "kms:ListResourceTags", in.keyId(), Reach.MANAGE);
  }

  @Override
  public ListResourceTagsResponse handle(Call call, ListResourceTagsRequest in) {
    Integer limit = in.limit();
    var listing =
        new PageTokens.Listing("ListResourceTags", in.keyId(), limit == null ? 50 : limit);
    List<Tag> all =
        keys
            .state()
            .read(
                view -> {
                  KmsKey key = keys.named(view, call, in.keyId(), Reach.MANAGE).key();
                  return Tags.of(view, key.account(), key.arn());
                })
            .entrySet()
            .stream()
            .map(tag -> new Tag(tag.getKey(), tag.getValue()))
            .sorted(Comparator.comparing(Tag::tagKey))
            .toList();
    PageTokens.Page<Tag> page =
        pages.page(call, listing, all, Tag::tagKey, in.marker()).orElseThrow(Wire::invalidMarker);
    return ListResourceTagsResponse.builder()
        .tags(page.items())
        .nextMarker(page.next())
        .truncated(page.next() != null)
        .build();
  }
}
