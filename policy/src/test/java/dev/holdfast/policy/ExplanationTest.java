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
import dev.holdfast.policy.Explanation.Change;
import dev.holdfast.policy.Explanation.Compared;
import dev.holdfast.policy.Explanation.Finding;
import dev.holdfast.policy.Explanation.KeyRead;
import dev.holdfast.policy.Explanation.Looked;
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
                tagged.document(),
                Effect.ALLOW,
                Reason.CONDITION_FAILED,
                List.of(
                    new Compared(
                        "StringEquals",
                        "aws:ResourceTag/env",
                        List.of("dev"),
                        List.of("prod"),
                        false))),
            new Finding(
                Layer.IDENTITY,
                new Match("p", 1, null),
                tagged.document(),
                Effect.ALLOW,
                Reason.OTHER_RESOURCE,
                List.of()));
    assertThat(why.keys()).containsExactly(new KeyRead("aws:resourcetag/env", List.of("prod")));
    assertThat(why.changes())
        .containsExactly(
            new Change(
                Layer.IDENTITY,
                "{\"Effect\":\"Allow\",\"Action\":\"ecs:DeleteCluster\",\"Resource\":\""
                    + CLUSTER
                    + "\"}"));
    assertThat(why.deciding()).isEmpty();
  }

  @Test
  void smallestStatementAllows() {
    String odd = CLUSTER + "-${x}*?$";
    var request = request(DEPLOYER, "ecs:DeleteCluster", odd);
    var gate = Policies.NONE.withResource(Cases.grants("999999999999"), Gate.KEY_POLICY);
    String forKey = statement(Evaluator.explain(gate, request));
    NamedPolicy key = Cases.policy(Kind.RESOURCE, String.valueOf(forKey));
    assertThat(Evaluator.decide(gate.withResource(key, Gate.KEY_POLICY), request).allowed())
        .isTrue();
    String own = statement(Evaluator.explain(Policies.NONE, request));
    var policies = Policies.ofIdentity(List.of(identity(String.valueOf(own))));
    assertThat(Evaluator.decide(policies, request).allowed()).isTrue();
    assertThat(Evaluator.decide(policies, request(DEPLOYER, "ecs:DeleteCluster", CLUSTER)))
        .isEqualTo(new ImplicitDeny(Layer.IDENTITY));
  }

  @Test
  void offersNoStatementAgainstADeny() {
    var policies = Policies.ofIdentity(List.of(allow("*", "*"), deny("ecs:*", "*")));
    Explanation why = Evaluator.explain(policies, request("ecs:RunTask", CLUSTER));
    assertThat(why.changes()).isEmpty();
    assertThat(why.deciding()).extracting(Finding::effect).containsExactly(Effect.DENY);
  }

  private static String statement(Explanation why) {
    assertThat(why.changes()).hasSize(1);
    return why.changes().getFirst().statement();
  }

  /** Every layer that lacks an Allow is told, not the first of them alone. */
  @Test
  void tellsAllThatIsWanting() {
    var policies =
        Policies.ofIdentity(List.of(allow("ecr:*", "*")))
            .withBoundary(allow("iam:*", "*"))
            .withSession(List.of(allow("kms:*", "*")));
    var request = request("ecs:RunTask", CLUSTER);
    Explanation why = Evaluator.explain(policies, request);
    assertThat(why.changes())
        .extracting(Change::layer)
        .containsExactly(Layer.IDENTITY, Layer.BOUNDARY, Layer.SESSION);
    assertThat(Evaluator.decide(Changed.by(policies, why.changes()), request).allowed()).isTrue();
    for (Change one : why.changes()) {
      assertThat(Evaluator.decide(Changed.by(policies, List.of(one)), request).allowed()).isFalse();
    }
    assertThat(why.looked())
        .extracting(Looked::layer)
        .containsExactly(Layer.IDENTITY, Layer.BOUNDARY, Layer.SESSION);
    assertThat(why.findings()).isEmpty();
  }

  @Test
  void tellsWhatADenyComparedAndItsValues() {
    NamedPolicy denies =
        identity(
            "[{'Effect':'Allow','Action':'*','Resource':'*'},{'Sid':'Far','Effect':'Deny','Action':"
                + "'ecs:*','Resource':'*','Condition':{'StringNotEquals':{'aws:RequestedRegion':"
                + "['eu-west-1','eu-central-1']}}}]");
    Context context = Cases.context("aws:RequestedRegion", "us-east-1");
    var request = new Request(BOB, "ecs:DeleteCluster", CLUSTER, Cases.ACCOUNT, context);
    Explanation why = Evaluator.explain(Policies.ofIdentity(List.of(denies)), request);
    assertThat(why.deciding())
        .singleElement()
        .satisfies(
            deny ->
                assertThat(deny.compared())
                    .containsExactly(
                        new Compared(
                            "StringNotEquals",
                            "aws:RequestedRegion",
                            List.of("eu-west-1", "eu-central-1"),
                            List.of("us-east-1"),
                            true)));
    assertThat(why.changes()).isEmpty();
  }
}
