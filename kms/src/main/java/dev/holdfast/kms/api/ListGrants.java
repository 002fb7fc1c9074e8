// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.aws.kms.ListGrantsRequest;
import dev.holdfast.aws.kms.ListGrantsResponse;
import dev.holdfast.kms.model.Grant;
import dev.holdfast.kms.model.GrantTables;
import dev.holdfast.kms.model.KmsKey;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens;

/** Lists the grants of a key. */
public record ListGrants(Grants grants, PageTokens pages)
    implements Operation<ListGrantsRequest, ListGrantsResponse> {
  @Override
  public OperationModel<ListGrantsRequest, ListGrantsResponse> model() {
    return KmsModel.LIST_GRANTS;
  }

  @Override
  public Access access(Call call, ListGrantsRequest in) {
    return grants
        .keys()
        .access(
            call,
            "kms:ListGrants",
            in.keyId(),
            Reach.LOOK,
            demand ->
                demand.key("kms:GrantIsForAWSResource", Boolean.toString(!call.via().isEmpty())));
  }

  @Override
  public ListGrantsResponse handle(Call call, ListGrantsRequest in) {
    Integer limit = in.limit();
    KmsKey key =
        grants.keys().state().read(v -> grants.keys().named(v, call, in.keyId(), Reach.LOOK)).key();
    var listing =
        new PageTokens.Listing(
            "ListGrants",
            key.arn() + "|" + in.grantId() + "|" + in.granteePrincipal(),
            limit == null ? 50 : limit);
    PageTokens.Page<Grant> page =
        grants
            .keys()
            .state()
            .read(
                view ->
                    pages.page(
                        call,
                        listing,
                        (after, most) -> GrantTables.grants(view, key, after, most),
                        Grant::id,
                        grant -> passes(in, grant),
                        in.marker()))
            .orElseThrow(Wire::invalidMarker);
    return ListGrantsResponse.builder()
        .grants(page.items().stream().map(grant -> grants.shown(key, grant)).toList())
        .nextMarker(page.next())
        .truncated(page.next() != null)
        .build();
  }

  private static boolean passes(ListGrantsRequest in, Grant grant) {
    return (in.grantId() == null || in.grantId().equals(grant.id()))
        && (in.granteePrincipal() == null || in.granteePrincipal().equals(grant.grantee().arn()));
  }
}
