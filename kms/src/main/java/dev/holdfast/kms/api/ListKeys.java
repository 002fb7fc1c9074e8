// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.kms.KeyListEntry;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.aws.kms.ListKeysRequest;
import dev.holdfast.aws.kms.ListKeysResponse;
import dev.holdfast.kms.model.KmsKey;
import dev.holdfast.kms.model.KmsTables;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens;

/** Lists the keys of the account and region. */
public record ListKeys(Keys keys, PageTokens pages)
    implements Operation<ListKeysRequest, ListKeysResponse> {
  @Override
  public OperationModel<ListKeysRequest, ListKeysResponse> model() {
    return KmsModel.LIST_KEYS;
  }

  @Override
  public Access access(Call call, ListKeysRequest in) {
    return Access.of(Keys.global(call, Demand.on("kms:ListKeys")));
  }

  @Override
  public ListKeysResponse handle(Call call, ListKeysRequest in) {
    Integer limit = in.limit();
    var listing = new PageTokens.Listing("ListKeys", "", limit == null ? 100 : limit);
    PageTokens.Page<KmsKey> page =
        keys.state()
            .read(
                view ->
                    pages.page(
                        call,
                        listing,
                        (after, most) ->
                            KmsTables.keys(view, call.account(), call.region(), after, most),
                        KmsKey::id,
                        key -> !key.goneAt(call.now()),
                        in.marker()))
            .orElseThrow(Wire::invalidMarker);
    return ListKeysResponse.builder()
        .keys(
            page.items().stream()
                .map(
                    key ->
                        KeyListEntry.builder().keyId(key.id()).keyArn(key.arn().toString()).build())
                .toList())
        .nextMarker(page.next())
        .truncated(page.next() != null)
        .build();
  }
}
