// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.policy;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListPoliciesRequest;
import dev.holdfast.aws.iam.ListPoliciesResponse;
import dev.holdfast.aws.iam.Policy;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.plan.AwsPolicies;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens.Page;
import dev.holdfast.store.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** ListPolicies. */
public record ListPolicies(IamState iam)
    implements Operation<ListPoliciesRequest, ListPoliciesResponse> {
  @Override
  public OperationModel<ListPoliciesRequest, ListPoliciesResponse> model() {
    return IamModel.LIST_POLICIES;
  }

  @Override
  public Access access(Call call, ListPoliciesRequest in) {
    return Access.of(
        "iam:ListPolicies",
        Arn.global("iam", call.account(), "policy" + Wire.path(in.pathPrefix())));
  }

  @Override
  public ListPoliciesResponse handle(Call call, ListPoliciesRequest in) {
    String scope = Objects.requireNonNullElse(in.scope(), "All");
    boolean attached = Boolean.TRUE.equals(in.onlyAttached());
    String prefix = Wire.path(in.pathPrefix());
    List<Policy> all =
        "PermissionsBoundary".equals(in.policyUsageFilter())
            ? List.of()
            : iam.state().read(view -> all(view, call, scope));
    List<Policy> listed =
        all.stream()
            .filter(p -> String.valueOf(p.path()).startsWith(prefix))
            .filter(p -> !attached || Objects.requireNonNullElse(p.attachmentCount(), 0) > 0)
            .toList();
    String operation = String.join(" ", "ListPolicies", scope, Boolean.toString(attached), prefix);
    Page<Policy> page =
        iam.page(call, operation, listed, p -> String.valueOf(p.arn()), in.marker(), in.maxItems());
    return ListPoliciesResponse.builder()
        .policies(page.items())
        .isTruncated(page.next() != null)
        .marker(page.next())
        .build();
  }

  private static List<Policy> all(View view, Call call, String scope) {
    var all = new ArrayList<Policy>();
    if (!scope.equals("AWS")) {
      view.list(IamTables.POLICIES, call.account())
          .forEach(
              p -> all.add(Wire.policy(view, call.account(), p.arn(call.account()).toString(), p)));
    }
    if (!scope.equals("Local")) {
      AwsPolicies.all()
          .forEach(p -> all.add(Wire.policy(view, call.account(), AwsPolicies.arn(p), p)));
    }
    return all;
  }
}
