// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import static dev.holdfast.policy.Cases.BOB;
import static dev.holdfast.policy.Cases.CLUSTER;
import static dev.holdfast.policy.Cases.DEPLOYER;
import static dev.holdfast.policy.Cases.allow;
import static dev.holdfast.policy.Cases.deny;
import static dev.holdfast.policy.Cases.identity;
import static dev.holdfast.policy.Cases.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.policy.Decision.ImplicitDeny;
import dev.holdfast.policy.Explanation.Finding;
import dev.holdfast.policy.Explanation.KeyRead;
import dev.holdfast.policy.Explanation.Reason;
import dev.holdfast.policy.PolicyDocument.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExplanationTest {

  @Test
  void showsNearMissesKeysAndTheSmallestStatement() {
    NamedPolicy tagged =
        identity(
            "[{'Sid':'Tagged','Effect':'Allow','Action':'ecs:*','Resource':'*','Condition':"
                + "{'StringEquals':{'aws:ResourceTag/env':'dev'}}},{'Effect':'Allow','Action':"
                + "'ecs:*','Resource':'arn:aws:ecs:*:*:cluster/dev'}]");
    var policies = Policies.ofIdentity(List.of(tagged));
    Context context = Cases.context("aws:ResourceTag/env", "prod");
    var request = new Request(BOB, "ecs:DeleteCluster", CLUSTER, Cases.ACCOUNT, context);
    Explanation why = Evaluator.explain(policies, request);
    assertThat(why.decision()).isEqualTo(new ImplicitDeny(Layer.IDENTITY));
    assertThat(why.findings())
        .containsExactly(
            new Finding(
                Layer.IDENTITY,
                new Match("p", 0, "Tagged"),
                Effect.ALLOW,
                Reason.CONDITION_FAILED,
                "StringEquals aws:ResourceTag/env"),
            new Finding(
                Layer.IDENTITY,
                new Match("p", 1, null),
                Effect.ALLOW,
                Reason.OTHER_RESOURCE,
                null));
    assertThat(why.keys()).containsExactly(new KeyRead("aws:resourcetag/env", List.of("prod")));
    assertThat(why.smallestStatement())
        .isEqualTo(
            "{\"Effect\":\"Allow\",\"Action\":\"ecs:DeleteCluster\",\"Resource\":\""
                + CLUSTER
                + "\"}");
    assertThat(why.deciding()).isEmpty();
  }

  @Test
  void smallestStatementAllows() {
    String odd = CLUSTER + "-${x}*?$";
    var request = request(DEPLOYER, "ecs:DeleteCluster", odd);
    var gate = Policies.NONE.withResource(Cases.grants("999999999999"), Gate.KEY_POLICY);
    String forKey = Evaluator.explain(gate, request).smallestStatement();
    NamedPolicy key = Cases.policy(Kind.RESOURCE, String.valueOf(forKey));
    assertThat(Evaluator.decide(gate.withResource(key, Gate.KEY_POLICY), request).allowed())
        .isTrue();
    String own = Evaluator.explain(Policies.NONE, request).smallestStatement();
    var policies = Policies.ofIdentity(List.of(identity(String.valueOf(own))));
    assertThat(Evaluator.decide(policies, request).allowed()).isTrue();
    assertThat(Evaluator.decide(policies, request(DEPLOYER, "ecs:DeleteCluster", CLUSTER)))
        .isEqualTo(new ImplicitDeny(Layer.IDENTITY));
  }

  @Test
  void offersNoStatementAgainstADeny() {
    var policies = Policies.ofIdentity(List.of(allow("*", "*"), deny("ecs:*", "*")));
    Explanation why = Evaluator.explain(policies, request("ecs:RunTask", CLUSTER));
    assertThat(why.smallestStatement()).isNull();
    assertThat(why.deciding()).extracting(Finding::effect).containsExactly(Effect.DENY);
  }
}
