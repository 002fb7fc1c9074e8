// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.kms.GrantListEntry;
import dev.holdfast.aws.kms.KmsError;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.aws.kms.ListGrantsResponse;
import dev.holdfast.aws.kms.ListRetirableGrantsRequest;
import dev.holdfast.kit.Arn;
import dev.holdfast.kms.model.Grant;
import dev.holdfast.kms.model.GrantTables;
import dev.holdfast.kms.model.KmsKey;
import dev.holdfast.kms.model.KmsTables;
import dev.holdfast.kms.plan.GrantRules;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens;
import dev.holdfast.store.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lists the grants of the account's keys that somebody may retire. */
public record ListRetirableGrants(Grants grants, PageTokens pages)
    implements Operation<ListRetirableGrantsRequest, ListGrantsResponse> {
  @Override
  public OperationModel<ListRetirableGrantsRequest, ListGrantsResponse> model() {
    return KmsModel.LIST_RETIRABLE_GRANTS;
  }

  @Override
  public Access access(Call call, ListRetirableGrantsRequest in) {
    return Access.of(Keys.global(call, Demand.on("kms:ListRetirableGrants")));
  }

  @Override
  public ListGrantsResponse handle(Call call, ListRetirableGrantsRequest in) {
    String retiring = in.retiringPrincipal();
    boolean own =
        Arn.parse(retiring)
            .filter(GrantRules::namesPrincipal)
            .filter(arn -> arn.account().equals(call.account().digits()))
            .isPresent();
    if (!own) {
      throw KmsError.INVALID_ARN.because("ARN does not refer to a valid principal: %s", retiring);
    }
    int limit = in.limit() == null ? 50 : in.limit();
    return grants.keys().state().read(view -> page(view, call, retiring, in.marker(), limit));
  }

  private ListGrantsResponse page(
      View view, Call call, String retiring, @Nullable String marker, int limit) {
    GrantTables.Place after = marker == null ? null : last(call, retiring, marker);
    List<Grant> found =
        GrantTables.retirable(view, call.account(), call.region(), retiring, after, limit + 1);
    List<Grant> shown = found.subList(0, Math.min(limit, found.size()));
    var entries = new ArrayList<GrantListEntry>();
    for (Grant grant : shown) {
      KmsKey key = KmsTables.key(view, call.account(), grant.region(), grant.keyId());
      if (key != null && !key.goneAt(call.now())) {
        entries.add(grants.shown(key, grant));
      }
    }
    String next =
        found.size() > limit
            ? pages.after(
                call,
                "ListRetirableGrants",
                retiring,
                List.of(shown.getLast().keyId(), shown.getLast().id()))
            : null;
    return ListGrantsResponse.builder()
        .grants(entries)
        .nextMarker(next)
        .truncated(next != null)
        .build();
  }

  /** Where to go on: only the place counts, the grant itself may be gone. */
  private GrantTables.Place last(Call call, String retiring, String marker) {
    Optional<List<String>> place = pages.open(call, "ListRetirableGrants", retiring, marker);
    if (place.isEmpty() || place.get().size() != 2) {
      throw Wire.invalidMarker();
    }
    return new GrantTables.Place(place.get().get(0), place.get().get(1));
  }
}
