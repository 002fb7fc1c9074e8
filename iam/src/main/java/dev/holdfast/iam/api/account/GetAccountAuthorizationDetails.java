// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.account;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.GetAccountAuthorizationDetailsRequest;
import dev.holdfast.aws.iam.GetAccountAuthorizationDetailsResponse;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.ManagedPolicies;
import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.Group;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.ManagedPolicy;
import dev.holdfast.iam.model.Role;
import dev.holdfast.iam.model.User;
import dev.holdfast.iam.plan.AwsPolicies;
import dev.holdfast.kit.AccountId;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens.Page;
import dev.holdfast.store.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** GetAccountAuthorizationDetails. */
public record GetAccountAuthorizationDetails(IamState iam)
    implements Operation<
        GetAccountAuthorizationDetailsRequest, GetAccountAuthorizationDetailsResponse> {
  @Override
  public OperationModel<
          GetAccountAuthorizationDetailsRequest, GetAccountAuthorizationDetailsResponse>
      model() {
    return IamModel.GET_ACCOUNT_AUTHORIZATION_DETAILS;
  }

  @Override
  public Access access(Call call, GetAccountAuthorizationDetailsRequest in) {
    return Access.of(Demand.on("iam:GetAccountAuthorizationDetails"));
  }

  @Override
  public GetAccountAuthorizationDetailsResponse handle(
      Call call, GetAccountAuthorizationDetailsRequest in) {
    return iam.state().read(view -> details(view, call, in));
  }

  /** An entity or a policy, by its place in the listing. */
  private record Row(String key, @Nullable Entity entity, @Nullable ManagedPolicy policy) {}

  private GetAccountAuthorizationDetailsResponse details(
      View view, Call call, GetAccountAuthorizationDetailsRequest in) {
    Page<Row> page =
        iam.page(
            call,
            "GetAccountAuthorizationDetails " + in.filter(),
            rows(view, call.account(), in.filter()),
            Row::key,
            in.marker(),
            in.maxItems());
    var details = new AuthorizationDetails(view, call.account());
    return GetAccountAuthorizationDetailsResponse.builder()
        .userDetailList(of(page, User.class).map(details::user).toList())
        .groupDetailList(of(page, Group.class).map(details::group).toList())
        .roleDetailList(of(page, Role.class).map(details::role).toList())
        .policies(
            page.items().stream()
                .map(Row::policy)
                .filter(Objects::nonNull)
                .map(details::policy)
                .toList())
        .isTruncated(page.next() != null)
        .marker(page.next())
        .build();
  }

  private static <E extends Entity> Stream<E> of(Page<Row> page, Class<E> kind) {
    return page.items().stream().map(Row::entity).filter(kind::isInstance).map(kind::cast);
  }

  private static List<Row> rows(View view, AccountId account, List<String> filter) {
    var rows = new ArrayList<Row>();
    for (EntityKind kind : EntityKind.values()) {
      if (filter.isEmpty() || filter.contains(kind.title())) {
        view.list(IamTables.ENTITIES, account, kind.word())
            .forEach(e -> rows.add(new Row(kind.word() + "/" + e.name(), e, null)));
      }
    }
    if (filter.isEmpty() || filter.contains("LocalManagedPolicy")) {
      view.list(IamTables.POLICIES, account)
          .forEach(p -> rows.add(new Row("z-local/" + p.name(), null, p)));
    }
    if (filter.isEmpty() || filter.contains("AWSManagedPolicy")) {
      AwsPolicies.all().stream()
          .filter(p -> ManagedPolicies.used(view, account, AwsPolicies.arn(p)))
          .forEach(p -> rows.add(new Row("z-of-aws/" + p.name(), null, p)));
    }
    return rows;
  }
}
