// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.policy;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListPoliciesRequest;
import dev.holdfast.aws.iam.ListPoliciesResponse;
import dev.holdfast.aws.iam.Policy;
import dev.holdfast.iam.api.Wire;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.plan.AwsPolicies;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens.Page;
import dev.holdfast.store.View;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** ListPolicies. */
public record ListPolicies(IamState iam)
    implements Operation<ListPoliciesRequest, ListPoliciesResponse> {
  private static final String OWN = "1 ";
  private static final String AWS = "2 ";

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
    String usage = Objects.requireNonNullElse(in.policyUsageFilter(), "");
    String operation =
        String.join(" ", "ListPolicies", scope, Boolean.toString(attached), usage, prefix);
    Page<Policy> page =
        iam.state()
            .read(
                view ->
                    iam.page(
                        call,
                        operation,
                        (after, limit) -> policies(view, call, scope, after, limit),
                        ListPolicies::key,
                        p ->
                            String.valueOf(p.path()).startsWith(prefix) && used(p, usage, attached),
                        in.marker(),
                        in.maxItems()));
    return ListPoliciesResponse.builder()
        .policies(page.items())
        .isTruncated(page.next() != null)
        .marker(page.next())
        .build();
  }

  /** AWS lists those of a usage only where they are in that use. */
  private static boolean used(Policy policy, String usage, boolean attached) {
    int permissions = Objects.requireNonNullElse(policy.attachmentCount(), 0);
    int boundaries = Objects.requireNonNullElse(policy.permissionsBoundaryUsageCount(), 0);
    return switch (usage) {
      case "PermissionsPolicy" -> permissions > 0;
      case "PermissionsBoundary" -> boundaries > 0;
      default -> !attached || permissions + boundaries > 0;
    };
  }

  /** The account's own come first, by name; then those of AWS. */
  private static String key(Policy policy) {
    return AwsPolicies.isAws(String.valueOf(policy.arn()))
        ? AWS + policy.arn()
        : OWN + Entity.fold(String.valueOf(policy.policyName()));
  }

  private static List<Policy> policies(
      View view, Call call, String scope, @Nullable String after, int limit) {
    var found = new ArrayList<Policy>();
    if (!scope.equals("AWS") && (after == null || after.startsWith(OWN))) {
      String last = after == null ? null : after.substring(OWN.length());
      view.list(IamTables.POLICIES, call.account(), List.of(), last, limit)
          .forEach(
              p ->
                  found.add(
                      Wire.policy(view, call.account(), p.arn(call.account()).toString(), p)));
    }
    if (!scope.equals("Local")) {
      AwsPolicies.all().stream()
          .map(p -> Wire.policy(view, call.account(), AwsPolicies.arn(p), p))
          .sorted(Comparator.comparing(ListPolicies::key))
          .filter(p -> after == null || key(p).compareTo(after) > 0)
          .limit(limit - found.size())
          .forEach(found::add);
    }
    return found;
  }
}
