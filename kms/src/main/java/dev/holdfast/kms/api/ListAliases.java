// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.kms.AliasListEntry;
import dev.holdfast.aws.kms.KmsError;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.aws.kms.ListAliasesRequest;
import dev.holdfast.aws.kms.ListAliasesResponse;
import dev.holdfast.kms.model.Alias;
import dev.holdfast.kms.model.KmsKey;
import dev.holdfast.kms.model.KmsTables;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens;
import dev.holdfast.store.View;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lists aliases: of the account and region, or of one key. */
public record ListAliases(Keys keys, PageTokens pages)
    implements Operation<ListAliasesRequest, ListAliasesResponse> {
  @Override
  public OperationModel<ListAliasesRequest, ListAliasesResponse> model() {
    return KmsModel.LIST_ALIASES;
  }

  @Override
  public Access access(Call call, ListAliasesRequest in) {
    return Access.of(Keys.global(call, Demand.on("kms:ListAliases")));
  }

  @Override
  public ListAliasesResponse handle(Call call, ListAliasesRequest in) {
    Integer limit = in.limit();
    var listing =
        new PageTokens.Listing(
            "ListAliases", in.keyId() == null ? "" : in.keyId(), limit == null ? 50 : limit);
    PageTokens.Page<Alias> page =
        keys.state()
            .read(view -> page(view, call, listing, in.keyId(), in.marker()))
            .orElseThrow(Wire::invalidMarker);
    return ListAliasesResponse.builder()
        .aliases(
            page.items().stream()
                .map(
                    alias ->
                        AliasListEntry.builder()
                            .aliasName(alias.name())
                            .aliasArn(alias.arn(call.account()).toString())
                            .targetKeyId(alias.keyId())
                            .creationDate(alias.created())
                            .lastUpdatedDate(alias.updated())
                            .build())
                .toList())
        .nextMarker(page.next())
        .truncated(page.next() != null)
        .build();
  }

  private Optional<PageTokens.Page<Alias>> page(
      View view,
      Call call,
      PageTokens.Listing listing,
      @Nullable String keyId,
      @Nullable String marker) {
    if (keyId == null) {
      return pages.page(
          call,
          listing,
          (after, most) -> KmsTables.aliases(view, call.account(), call.region(), after, most),
          Alias::name,
          _ -> true,
          marker);
    }
    KmsKey key = keys.named(view, call, keyId, Reach.MANAGE).key();
    if (!key.account().equals(call.account())) {
      throw KmsError.NOT_FOUND.because("Key '%s' does not exist", key.arn());
    }
    return pages.page(call, listing, KmsTables.aliases(view, key), Alias::name, marker);
  }
}
