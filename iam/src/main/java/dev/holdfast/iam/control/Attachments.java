// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.aws.Empty;
import dev.holdfast.aws.iam.AttachedPolicy;
import dev.holdfast.aws.iam.IamError;
import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.Grants;
import dev.holdfast.iam.model.Quota;
import dev.holdfast.iam.plan.AwsPolicies;
import dev.holdfast.service.Call;
import dev.holdfast.service.PageTokens.Page;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Managed policies on entities: the same for users, groups and roles. */
public record Attachments(IamState iam) {
  public Empty attach(Call call, EntityKind kind, String name, String arn) {
    return iam.state()
        .commit(
            call,
            tx -> {
              Entity entity = LinkedRoles.changeable(IamState.judged(tx, call, kind, name));
              if (AwsPolicies.isOfService(arn)) {
                throw IamError.POLICY_NOT_ATTACHABLE.because(
                    "Cannot attach a Service Role Policy to a Customer Role.");
              }
              if (Directory.policy(tx, call.account(), arn).isEmpty()) {
                throw IamError.NO_SUCH_ENTITY.because(
                    "Policy %s does not exist or is not attachable.", arn);
              }
              Grants grants = entity.grants().withManaged(arn);
              if (!grants.equals(entity.grants())) {
                Quotas.require(tx, Quota.attached(kind), grants.managed().size());
              }
              IamState.put(tx, call, entity.with(grants));
              return new Empty();
            });
  }

  public Empty detach(Call call, EntityKind kind, String name, String arn) {
    return iam.state()
        .commit(
            call,
            tx -> {
              Entity entity = LinkedRoles.changeable(IamState.judged(tx, call, kind, name));
              Grants grants = entity.grants();
              if (!grants.managed().contains(arn)) {
                throw IamError.NO_SUCH_ENTITY.because("Policy %s was not found.", arn);
              }
              IamState.put(tx, call, entity.with(grants.withoutManaged(arn)));
              return new Empty();
            });
  }

  public Page<AttachedPolicy> list(
      Call call,
      EntityKind kind,
      String name,
      @Nullable String pathPrefix,
      @Nullable String marker,
      @Nullable Integer maxItems) {
    String prefix = pathPrefix == null ? "/" : pathPrefix;
    List<AttachedPolicy> attached =
        iam.state()
            .read(
                view ->
                    Directory.entity(view, call.account(), kind, name).grants().managed().stream()
                        .filter(arn -> path(arn).startsWith(prefix))
                        .map(Attachments::shape)
                        .toList());
    return iam.page(
        call,
        "attached " + kind.word() + " " + name + " " + prefix,
        attached,
        policy -> String.valueOf(policy.policyArn()),
        marker,
        maxItems);
  }

  private static AttachedPolicy shape(String arn) {
    return AttachedPolicy.builder()
        .policyName(arn.substring(arn.lastIndexOf('/') + 1))
        .policyArn(arn)
        .build();
  }

  private static String path(String arn) {
    return arn.substring(arn.indexOf('/'), arn.lastIndexOf('/') + 1);
  }
}
