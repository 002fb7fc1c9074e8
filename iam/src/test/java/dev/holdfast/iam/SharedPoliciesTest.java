// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.iam.CreateRoleRequest;
import dev.holdfast.aws.iam.PutRolePolicyRequest;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.sts.AssumeRoleRequest;
import dev.holdfast.aws.sts.AssumeRoleResponse;
import dev.holdfast.iam.control.PolicySets;
import dev.holdfast.iam.model.Entity;
import dev.holdfast.iam.model.EntityKind;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.plan.Documents;
import dev.holdfast.policy.MalformedPolicy;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.service.Access;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Principal;
import dev.holdfast.service.Profile;
import dev.holdfast.store.space.Urgency;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** However many roles there are, a document is compiled once, and when it is asked for. */
final class SharedPoliciesTest {
  private static final String READS = allowing("ecs:Describe*");
  private static final String RUNS = allowing("ecs:RunTask");

  private final Fixture f = new Fixture();

  private static String allowing(String action) {
    return "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\""
        + action
        + "\",\"Resource\":\"*\"}}";
  }

  /** A session of a role with this document. */
  private Principal role(String name, String document) {
    f.call(
        f.administrator(),
        CreateRoleRequest.builder()
            .roleName(name)
            .assumeRolePolicyDocument(
                "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Principal\":"
                    + "{\"AWS\":\""
                    + f.account
                    + "\"},\"Action\":\"sts:AssumeRole\"}}")
            .build());
    f.call(
        f.administrator(),
        PutRolePolicyRequest.builder()
            .roleName(name)
            .policyName("p")
            .policyDocument(document)
            .build());
    var keys =
        Objects.requireNonNull(
            f.call(
                    f.administrator(),
                    AssumeRoleRequest.builder()
                        .roleArn("arn:aws:iam::" + f.account + ":role/" + name)
                        .roleSessionName("s")
                        .build(),
                    AssumeRoleResponse.class)
                .credentials());
    return f.principal(
        new Credentials(keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken()));
  }

  private PolicyDocument document(PolicySets sets, Principal principal) {
    return f.state.read(view -> sets.identity(view, principal.identity())).getFirst().document();
  }

  @Test
  void rolesOfOneDocumentShareItCompiled() {
    Principal one = role("one", READS);
    Principal other = role("other", READS);
    Principal third = role("third", RUNS);
    var sets = new PolicySets(new Documents());
    PolicyDocument compiled = document(sets, one);
    assertThat(document(sets, other)).isSameAs(compiled);
    assertThat(document(sets, third)).isNotSameAs(compiled);
  }

  /** What cannot be compiled is a trap for whoever looks at it before he has to. */
  @Test
  void aStartCompilesNothingForRolesThatNobodyAskedFor() {
    Principal asking = role("asking", READS);
    Principal silent = role("silent", READS);
    f.state.own(
        Urgency.ORDINARY,
        tx -> {
          Entity role =
              Objects.requireNonNull(
                  tx.get(IamTables.ENTITIES, f.account, new Entity.Key(EntityKind.ROLE, "silent")));
          Entity trapped = role.with(role.grants().withInline("p", "no policy"));
          tx.put(IamTables.ENTITIES, f.account, new Entity.Key(EntityKind.ROLE, "silent"), trapped);
          return trapped;
        });
    Iam again = f.open(Profile.STANDARD, (byte) 1);
    Access describing = Access.of(Demand.on("ecs:DescribeClusters"));
    again.guard().require(f.call(asking, "ecs"), describing);
    assertThatThrownBy(() -> again.guard().require(f.call(silent, "ecs"), describing))
        .isInstanceOf(MalformedPolicy.class);
  }
}
