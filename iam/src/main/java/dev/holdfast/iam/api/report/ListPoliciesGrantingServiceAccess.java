// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.api.report;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListPoliciesGrantingServiceAccessEntry;
import dev.holdfast.aws.iam.ListPoliciesGrantingServiceAccessRequest;
import dev.holdfast.aws.iam.ListPoliciesGrantingServiceAccessResponse;
import dev.holdfast.aws.iam.PolicyGrantingServiceAccess;
import dev.holdfast.iam.control.Directory;
import dev.holdfast.iam.control.IamState;
import dev.holdfast.iam.control.PolicySource;
import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.User;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.policy.PolicyDocument.Kind;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens.Page;
import dev.holdfast.store.View;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** ListPoliciesGrantingServiceAccess. */
public record ListPoliciesGrantingServiceAccess(IamState iam)
    implements Operation<
        ListPoliciesGrantingServiceAccessRequest, ListPoliciesGrantingServiceAccessResponse> {
  @Override
  public OperationModel<
          ListPoliciesGrantingServiceAccessRequest, ListPoliciesGrantingServiceAccessResponse>
      model() {
    return IamModel.LIST_POLICIES_GRANTING_SERVICE_ACCESS;
  }

  @Override
  public Access access(Call call, ListPoliciesGrantingServiceAccessRequest in) {
    return Access.of("iam:ListPoliciesGrantingServiceAccess", PolicySource.arn(in.arn()));
  }

  /** A policy, and what its document allows. */
  private record Granting(PolicyGrantingServiceAccess shape, PolicyDocument document) {}

  @Override
  public ListPoliciesGrantingServiceAccessResponse handle(
      Call call, ListPoliciesGrantingServiceAccessRequest in) {
    List<Granting> all = iam.state().read(view -> policies(view, call, in.arn()));
    Page<String> page =
        iam.page(
            call,
            "ListPoliciesGrantingServiceAccess " + in.arn() + " " + in.serviceNamespaces(),
            List.copyOf(new LinkedHashSet<>(in.serviceNamespaces())),
            service -> service,
            in.marker(),
            null);
    return ListPoliciesGrantingServiceAccessResponse.builder()
        .policiesGrantingServiceAccess(
            page.items().stream().map(service -> entry(service, all)).toList())
        .isTruncated(page.next() != null)
        .marker(page.next())
        .build();
  }

  private static ListPoliciesGrantingServiceAccessEntry entry(String service, List<Granting> all) {
    return ListPoliciesGrantingServiceAccessEntry.builder()
        .serviceNamespace(service)
        .policies(
            all.stream()
                .filter(policy -> policy.document().allowsService(service))
                .map(Granting::shape)
                .toList())
        .build();
  }

  private static List<Granting> policies(View view, Call call, String arn) {
    Entity entity = PolicySource.find(view, call, arn).entity();
    var found = new ArrayList<Granting>();
    collect(view, call, entity, found);
    if (entity instanceof User user) {
      for (String group : user.groups()) {
        Directory.find(view, call.account(), EntityKind.GROUP, group)
            .ifPresent(each -> collect(view, call, each, found));
      }
    }
    return found;
  }

  private static void collect(View view, Call call, Entity of, List<Granting> found) {
    of.grants().inline().forEach((name, text) -> found.add(granting(shape(name, null, of), text)));
    for (String arn : of.grants().managed()) {
      Directory.policy(view, call.account(), arn)
          .ifPresent(
              policy ->
                  found.add(granting(shape(policy.name(), arn, of), policy.inForce().document())));
    }
  }

  private static Granting granting(PolicyGrantingServiceAccess shape, String text) {
    return new Granting(shape, PolicyDocument.parse(text, Kind.IDENTITY));
  }

  /** Only an inline policy names the entity that it is part of. */
  private static PolicyGrantingServiceAccess shape(String name, @Nullable String arn, Entity of) {
    return PolicyGrantingServiceAccess.builder()
        .policyName(name)
        .policyType(arn == null ? "INLINE" : "MANAGED")
        .policyArn(arn)
        .entityType(arn == null ? of.kind().word().toUpperCase(Locale.ROOT) : null)
        .entityName(arn == null ? of.name() : null)
        .build();
  }
}
