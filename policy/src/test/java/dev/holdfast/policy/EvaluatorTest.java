// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

import static dev.holdfast.policy.Cases.ACCOUNT;
import static dev.holdfast.policy.Cases.BOB;
import static dev.holdfast.policy.Cases.BOB_ARN;
import static dev.holdfast.policy.Cases.CLUSTER;
import static dev.holdfast.policy.Cases.DEPLOYER;
import static dev.holdfast.policy.Cases.OTHER;
import static dev.holdfast.policy.Cases.ROLE_ARN;
import static dev.holdfast.policy.Cases.SESSION_ARN;
import static dev.holdfast.policy.Cases.allow;
import static dev.holdfast.policy.Cases.deny;
import static dev.holdfast.policy.Cases.grants;
import static dev.holdfast.policy.Cases.identity;
import static dev.holdfast.policy.Cases.policy;
import static dev.holdfast.policy.Cases.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.policy.Decision.Allowed;
import dev.holdfast.policy.Decision.Denied;
import dev.holdfast.policy.Decision.ExplicitDeny;
import dev.holdfast.policy.Decision.ImplicitDeny;
import dev.holdfast.policy.PolicyDocument.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The cases of the IAM User Guide's chapter on evaluation logic. */
class EvaluatorTest {
  private static final String RUN = "ecs:RunTask";
  private static final Policies ALL = Policies.ofIdentity(List.of(allow("*", "*")));

  private static Decision decide(Policies policies, Caller caller) {
    return Evaluator.decide(policies, request(caller, RUN, CLUSTER));
  }

  private static Decision fromElsewhere(Policies policies, Caller caller) {
    return Evaluator.decide(policies, new Request(caller, RUN, CLUSTER, OTHER, Context.EMPTY));
  }

  @Test
  void deniesWithoutAnyPolicy() {
    assertThat(decide(Policies.NONE, BOB)).isEqualTo(new ImplicitDeny(Layer.IDENTITY));
  }

  @Test
  void allowsByIdentityPolicy() {
    assertThat(decide(ALL, BOB)).isInstanceOf(Allowed.class);
    assertThat(decide(ALL, BOB).evalDecision()).isEqualTo("allowed");
  }

  @Test
  void ignoresTheCaseOfActionsButNotOfResources() {
    var policies = Policies.ofIdentity(List.of(allow("ECS:runt*", CLUSTER)));
    assertThat(decide(policies, BOB).allowed()).isTrue();
    var request = request(RUN, CLUSTER.replace("prod", "Prod"));
    assertThat(Evaluator.decide(policies, request).allowed()).isFalse();
  }

  @Test
  void denyWinsOverAllowAndNamesItsStatement() {
    var policies = Policies.ofIdentity(List.of(allow("*", "*"), deny("ecs:*", "*")));
    assertThat(decide(policies, BOB))
        .isEqualTo(new ExplicitDeny(Layer.IDENTITY, new Match("p", 0, null)));
  }

  @Test
  void reportsAnExplicitDenyThoughNothingAllows() {
    var policies = Policies.ofIdentity(List.of(deny("*", "*")));
    assertThat(decide(policies, BOB).evalDecision()).isEqualTo("explicitDeny");
  }

  @Test
  void boundaryLimitsAndGrantsNothing() {
    var boundary = allow("ecr:*", "*");
    assertThat(decide(ALL.withBoundary(boundary), BOB)).isEqualTo(new ImplicitDeny(Layer.BOUNDARY));
    assertThat(decide(Policies.NONE.withBoundary(allow("*", "*")), BOB))
        .isEqualTo(new ImplicitDeny(Layer.IDENTITY));
    assertThat(decide(ALL.withBoundary(deny("*", "*")), BOB))
        .isEqualTo(new ExplicitDeny(Layer.BOUNDARY, new Match("p", 0, null)));
  }

  @Test
  void sessionPoliciesUniteAmongThemselvesAndIntersectWithTheRole() {
    var both = List.of(allow("ecr:*", "*"), allow("ecs:*", "*"));
    assertThat(decide(ALL.withSession(both), DEPLOYER).allowed()).isTrue();
    assertThat(decide(ALL.withSession(both.subList(0, 1)), DEPLOYER))
        .isEqualTo(new ImplicitDeny(Layer.SESSION));
    assertThat(decide(ALL.withSession(List.of()), DEPLOYER).allowed()).isFalse();
    assertThat(decide(ALL.withSession(null), DEPLOYER).allowed()).isTrue();
    assertThat(decide(Policies.NONE.withSession(both), DEPLOYER))
        .isEqualTo(new ImplicitDeny(Layer.IDENTITY));
  }

  @Test
  void federatedSessionsWithoutSessionPolicyHaveNothing() {
    Caller caller =
        Caller.federated(
            ACCOUNT,
            "arn:aws:sts::111122223333:federated-user/f",
            BOB_ARN,
            "AIDABOBBOBBOBBOBBOB12");
    assertThat(decide(ALL, caller)).isEqualTo(new ImplicitDeny(Layer.SESSION));
    assertThat(decide(ALL.withSession(List.of(allow("*", "*"))), caller).allowed()).isTrue();
    var named = Policies.NONE.withResource(grants(caller.arn()), Gate.NONE);
    assertThat(decide(named, caller).allowed()).isTrue();
  }

  @Test
  void rootOfTheAccountNeedsNoPolicyButObeysServiceControl() {
    Caller root = Caller.root(ACCOUNT);
    assertThat(decide(Policies.NONE, root).allowed()).isTrue();
    var levels = List.of(List.of(allow("*", "*")), List.of(deny("ecs:*", "*")));
    assertThat(decide(Policies.NONE.withServiceControl(levels), root))
        .isEqualTo(new ExplicitDeny(Layer.SERVICE_CONTROL, new Match("p", 0, null)));
  }

  @Test
  void everyServiceControlLevelMustAllow() {
    var levels = List.of(List.of(allow("*", "*")), List.of(allow("ecr:*", "*")));
    assertThat(decide(ALL.withServiceControl(levels), BOB))
        .isEqualTo(new ImplicitDeny(Layer.SERVICE_CONTROL));
  }

  @Test
  void resourceControlOnlyDenies() {
    NamedPolicy full = policy(Kind.RESOURCE, "{'Effect':'Allow','Principal':'*','Action':'*'}");
    NamedPolicy no =
        policy(Kind.RESOURCE, "{'Effect':'Deny','Principal':'*','Action':'ecs:*','Resource':'*'}");
    assertThat(decide(Policies.NONE.withResourceControl(List.of(List.of(full))), BOB).allowed())
        .isFalse();
    assertThat(decide(ALL.withResourceControl(List.of(List.of(full, no))), BOB))
        .isEqualTo(new ExplicitDeny(Layer.RESOURCE_CONTROL, new Match("p", 0, null)));
  }

  @Test
  void resourcePolicyNamingTheCallerIsEnoughWithinTheAccount() {
    var byUser = Policies.NONE.withResource(grants(BOB_ARN), Gate.NONE);
    assertThat(decide(byUser, BOB).allowed()).isTrue();
    assertThat(decide(byUser.withBoundary(allow("ecr:*", "*")), BOB).allowed()).isTrue();
    var byId = Policies.NONE.withResource(grants(BOB.uniqueId()), Gate.NONE);
    assertThat(decide(byId, BOB).allowed()).isTrue();
  }

  @Test
  void resourcePolicyNamingTheRoleIsLimitedByBoundaryAndSession() {
    var byRole = Policies.NONE.withResource(grants(ROLE_ARN), Gate.NONE);
    assertThat(decide(byRole, DEPLOYER).allowed()).isTrue();
    assertThat(decide(byRole.withBoundary(allow("ecr:*", "*")), DEPLOYER).allowed()).isFalse();
    assertThat(decide(byRole.withSession(List.of(allow("ecr:*", "*"))), DEPLOYER).allowed())
        .isFalse();
    var bySession = Policies.NONE.withResource(grants(SESSION_ARN), Gate.NONE);
    assertThat(decide(bySession.withSession(List.of(allow("ecr:*", "*"))), DEPLOYER).allowed())
        .isTrue();
  }

  @Test
  void saysThatTheBoundaryIsWantingWhereTheRoleIsNamed() {
    var byRole = Policies.NONE.withResource(grants(ROLE_ARN), Gate.KEY_POLICY);
    assertThat(decide(byRole.withBoundary(allow("ecr:*", "*")), DEPLOYER))
        .isEqualTo(new ImplicitDeny(Layer.BOUNDARY));
  }

  @Test
  void namingTheAccountOnlyDelegates() {
    var byAccount = Policies.NONE.withResource(grants(ACCOUNT), Gate.NONE);
    assertThat(decide(byAccount, BOB)).isEqualTo(new ImplicitDeny(Layer.IDENTITY));
    assertThat(decide(byAccount.withIdentity(List.of(allow("*", "*"))), BOB).allowed()).isTrue();
  }

  @Test
  void otherAccountsNeedBothSides() {
    var named = Policies.NONE.withResource(grants(BOB_ARN), Gate.NONE);
    assertThat(fromElsewhere(named, BOB)).isEqualTo(new ImplicitDeny(Layer.IDENTITY));
    assertThat(fromElsewhere(ALL, BOB)).isEqualTo(new ImplicitDeny(Layer.RESOURCE));
    for (String principal : List.of(BOB_ARN, ACCOUNT, "*")) {
      assertThat(fromElsewhere(ALL.withResource(grants(principal), Gate.NONE), BOB).allowed())
          .isTrue();
    }
    var root = Caller.root(ACCOUNT);
    assertThat(fromElsewhere(Policies.NONE, root).allowed()).isFalse();
    var toAccount = Policies.NONE.withResource(grants(ACCOUNT), Gate.NONE);
    assertThat(fromElsewhere(toAccount, root).allowed()).isTrue();
  }

  @Test
  void keyPolicyIsTheGate() {
    var unnamed = ALL.withResource(grants("999999999999"), Gate.KEY_POLICY);
    assertThat(decide(unnamed, BOB)).isEqualTo(new ImplicitDeny(Layer.RESOURCE));
    assertThat(decide(unnamed, Caller.root(ACCOUNT)).allowed()).isFalse();
    var delegating =
        Policies.NONE.withResource(grants("arn:aws:iam::" + ACCOUNT + ":root"), Gate.KEY_POLICY);
    assertThat(decide(delegating, BOB)).isEqualTo(new ImplicitDeny(Layer.IDENTITY));
    assertThat(decide(delegating, Caller.root(ACCOUNT)).allowed()).isTrue();
    assertThat(decide(delegating.withIdentity(List.of(allow("*", "*"))), BOB).allowed()).isTrue();
    assertThat(decide(ALL.withResource(null, Gate.KEY_POLICY), BOB).allowed()).isFalse();
  }

  @Test
  void trustPolicyIsTheGate() {
    NamedPolicy trust =
        policy(
            Kind.TRUST,
            "[{'Effect':'Allow','Principal':{'Service':'ecs-tasks.amazonaws.com'},'Action':"
                + "'sts:AssumeRole'},{'Effect':'Allow','Principal':{'AWS':'"
                + BOB_ARN
                + "'},'Action':'sts:AssumeRole','Condition':{'StringEquals':"
                + "{'sts:ExternalId':'x'}}}]");
    var policies = ALL.withResource(trust, Gate.ROLE_TRUST);
    var assume = request(BOB, "sts:AssumeRole", ROLE_ARN);
    Decision refused = Evaluator.decide(policies, assume);
    assertThat(refused).isEqualTo(new ImplicitDeny(Layer.ROLE_TRUST));
    assertThat(((Denied) refused).text(assume))
        .isEqualTo(
            "User: arn:aws:iam::111122223333:user/ops/bob is not authorized to perform:"
                + " sts:AssumeRole on resource: arn:aws:iam::111122223333:role/app/deployer"
                + " because no role trust policy allows the sts:AssumeRole action");
    Context external = Cases.context("sts:ExternalId", "x");
    var known = new Request(BOB, "sts:AssumeRole", ROLE_ARN, ACCOUNT, external);
    assertThat(Evaluator.decide(policies.withIdentity(List.of()), known).allowed()).isTrue();
    var service = request(Caller.service("ecs-tasks.amazonaws.com"), "sts:AssumeRole", ROLE_ARN);
    assertThat(Evaluator.decide(policies, service).allowed()).isTrue();
    var stranger = request(Caller.service("ec2.amazonaws.com"), "sts:AssumeRole", ROLE_ARN);
    assertThat(Evaluator.decide(policies, stranger).allowed()).isFalse();
  }

  @Test
  void providersAreMatchedAsFederated() {
    String provider = "arn:aws:iam::111122223333:oidc-provider/token.example.com";
    NamedPolicy trust =
        policy(
            Kind.TRUST,
            "{'Effect':'Allow','Principal':{'Federated':'"
                + provider
                + "'},'Action':'sts:AssumeRoleWithWebIdentity'}");
    var policies = Policies.NONE.withResource(trust, Gate.ROLE_TRUST);
    String action = "sts:AssumeRoleWithWebIdentity";
    assertThat(
            Evaluator.decide(policies, request(Caller.provider(provider), action, ROLE_ARN))
                .allowed())
        .isTrue();
    assertThat(
            Evaluator.decide(policies, request(Caller.provider("else"), action, ROLE_ARN))
                .allowed())
        .isFalse();
  }

  @Test
  void anonymousCallersNeedEverybodyToBeNamed() {
    var open = ALL.withResource(grants("*"), Gate.NONE);
    assertThat(decide(open, Caller.anonymous()).allowed()).isTrue();
    assertThat(decide(ALL.withResource(grants(ACCOUNT), Gate.NONE), Caller.anonymous()))
        .isEqualTo(new ImplicitDeny(Layer.RESOURCE));
    assertThat(decide(ALL, Caller.anonymous()).allowed()).isFalse();
  }

  @Test
  void notPrincipalExemptsOnlyTheWholeChain() {
    NamedPolicy resource =
        policy(
            Kind.RESOURCE,
            "{'Effect':'Deny','NotPrincipal':{'AWS':['"
                + BOB_ARN
                + "','111122223333']},'Action':'*','Resource':'*'}");
    var policies = ALL.withResource(resource, Gate.NONE);
    assertThat(decide(policies, BOB).allowed()).isTrue();
    Caller alice = Caller.user(ACCOUNT, "arn:aws:iam::111122223333:user/alice", "AIDAALICE");
    assertThat(decide(policies, alice).evalDecision()).isEqualTo("explicitDeny");
    assertThat(decide(policies, Caller.anonymous()).evalDecision()).isEqualTo("explicitDeny");
    assertThat(decide(policies.withBoundary(allow("*", "*")), BOB).evalDecision())
        .isEqualTo("explicitDeny");
  }

  @Test
  void actionsWithoutResourcesNeedTheLiteralStar() {
    var onArns = Policies.ofIdentity(List.of(allow("*", "arn:aws:ecs:*")));
    assertThat(Evaluator.decide(onArns, request("ecs:ListClusters", "*")).allowed()).isFalse();
    assertThat(Evaluator.decide(ALL, request("ecs:ListClusters", "*")).allowed()).isTrue();
    NamedPolicy except =
        identity("{'Effect':'Allow','Action':'ecs:*','NotResource':'" + CLUSTER + "'}");
    var policies = Policies.ofIdentity(List.of(except));
    assertThat(Evaluator.decide(policies, request("ecs:ListClusters", "*")).allowed()).isTrue();
    assertThat(decide(policies, BOB).allowed()).isFalse();
  }

  @Test
  void notActionCoversEverythingElse() {
    NamedPolicy except = identity("{'Effect':'Allow','NotAction':'iam:*','Resource':'*'}");
    var policies = Policies.ofIdentity(List.of(except));
    assertThat(decide(policies, BOB).allowed()).isTrue();
    assertThat(Evaluator.decide(policies, request("iam:CreateUser", "*")).allowed()).isFalse();
  }

  @Test
  void saysWhyInAwsWords() {
    var request = request(RUN, CLUSTER);
    String start = "User: " + BOB_ARN + " is not authorized to perform: " + RUN;
    String where = start + " on resource: " + CLUSTER;
    assertThat(new ImplicitDeny(Layer.IDENTITY).text(request))
        .isEqualTo(where + " because no identity-based policy allows the " + RUN + " action");
    assertThat(new ImplicitDeny(Layer.BOUNDARY).text(request))
        .isEqualTo(where + " because no permissions boundary allows the " + RUN + " action");
    var match = new Match("p", 0, null);
    assertThat(new ExplicitDeny(Layer.IDENTITY, match).text(request))
        .isEqualTo(where + " with an explicit deny in an identity-based policy");
    assertThat(new ExplicitDeny(Layer.BOUNDARY, match).text(request))
        .isEqualTo(where + " with an explicit deny in a permissions boundary");
    assertThat(new ExplicitDeny(Layer.IDENTITY, match).text(BOB_ARN, RUN, CLUSTER, true))
        .isEqualTo(where);
  }
}
