// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.Shape;
import dev.holdfast.aws.iam.AddUserToGroupRequest;
import dev.holdfast.aws.iam.AttachUserPolicyRequest;
import dev.holdfast.aws.iam.ContextEntry;
import dev.holdfast.aws.iam.CreateGroupRequest;
import dev.holdfast.aws.iam.CreatePolicyRequest;
import dev.holdfast.aws.iam.CreateUserRequest;
import dev.holdfast.aws.iam.EvaluationResult;
import dev.holdfast.aws.iam.GetContextKeysForCustomPolicyRequest;
import dev.holdfast.aws.iam.GetContextKeysForPolicyResponse;
import dev.holdfast.aws.iam.GetContextKeysForPrincipalPolicyRequest;
import dev.holdfast.aws.iam.PutGroupPolicyRequest;
import dev.holdfast.aws.iam.PutUserPermissionsBoundaryRequest;
import dev.holdfast.aws.iam.PutUserPolicyRequest;
import dev.holdfast.aws.iam.SimulateCustomPolicyRequest;
import dev.holdfast.aws.iam.SimulatePolicyResponse;
import dev.holdfast.aws.iam.SimulatePrincipalPolicyRequest;
import dev.holdfast.iam.model.IamTables;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The simulators say what the evaluator says, and why. */
final class SimulationTest {
  private static final String KEYS =
      """
      {"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":"ecs:*","Resource":"*",
         "Condition":{"StringEquals":{"aws:RequestedRegion":"us-east-1"}}},
        {"Effect":"Deny","Action":"ecs:DeleteCluster","Resource":"*"}]}
      """;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Fixture f = new Fixture();

  private Shape admin(Shape request) {
    return f.call(f.administrator(), request);
  }

  private SimulatePolicyResponse simulate(Shape request) {
    return (SimulatePolicyResponse) admin(request);
  }

  private static SimulateCustomPolicyRequest.Builder custom(String... actions) {
    return SimulateCustomPolicyRequest.builder()
        .policyInputList(List.of(KEYS))
        .actionNames(List.of(actions));
  }

  private static ContextEntry region() {
    return ContextEntry.builder()
        .contextKeyName("aws:RequestedRegion")
        .contextKeyType("string")
        .contextKeyValues(List.of("us-east-1"))
        .build();
  }

  @Test
  void tellsAllowedDeniedAndNeither() {
    var results =
        simulate(
                custom("ecs:ListClusters", "ecs:DeleteCluster", "kms:Encrypt")
                    .contextEntries(List.of(region()))
                    .build())
            .evaluationResults();
    assertThat(results)
        .extracting(EvaluationResult::evalDecision)
        .containsExactly("allowed", "explicitDeny", "implicitDeny");
    var allowed = results.getFirst().matchedStatements().getFirst();
    assertThat(allowed.sourcePolicyId()).isEqualTo("PolicyInputList.1");
    assertThat(Objects.requireNonNull(allowed.startPosition()).line()).isOne();
    assertThat(results.get(1).matchedStatements().getFirst().endPosition()).isNotNull();
    assertThat(results.getLast().matchedStatements()).isEmpty();
    assertThat(results.getFirst().missingContextValues()).isEmpty();
  }

  @Test
  void tellsWhichKeysWereMissing() {
    var result = simulate(custom("ecs:ListClusters").build()).evaluationResults().getFirst();
    assertThat(result.evalDecision()).isEqualTo("implicitDeny");
    assertThat(result.missingContextValues()).containsExactly("aws:RequestedRegion");
  }

  @Test
  void pagesThroughActionsAndResources() {
    var request =
        custom("ecs:ListClusters", "kms:Encrypt")
            .resourceArns(List.of("arn:aws:x:::a", "arn:aws:x:::b"))
            .maxItems(3);
    var first = simulate(request.build());
    assertThat(first.evaluationResults()).hasSize(3);
    assertThat(first.isTruncated()).isTrue();
    var second = simulate(request.marker(first.marker()).build());
    assertThat(second.evaluationResults())
        .singleElement()
        .satisfies(
            last -> {
              assertThat(last.evalActionName()).isEqualTo("kms:Encrypt");
              assertThat(last.evalResourceName()).isEqualTo("arn:aws:x:::b");
              assertThat(last.resourceSpecificResults()).hasSize(1);
            });
  }

  /** Nobody's call holds a processor, or the memory, for as long as a whole simulation takes. */
  @Test
  void aPageIsShorterWhereThereIsMuchToLookAt() {
    String statement = "{\"Effect\":\"Allow\",\"Action\":\"ecs:*\",\"Resource\":\"*\"}";
    String many =
        "{\"Version\":\"2012-10-17\",\"Statement\":["
            + String.join(",", Collections.nCopies(1_000, statement))
            + "]}";
    var request =
        SimulateCustomPolicyRequest.builder()
            .policyInputList(List.of(many))
            .actionNames(List.of("ecs:ListClusters", "ecs:StopTask", "ecs:RunTask"))
            .resourceArns(named("arn:aws:ecs:us-east-1:" + f.account + ":cluster/", 10))
            .maxItems(1_000);
    var first = simulate(request.build());
    assertThat(first.evaluationResults()).hasSize(19);
    assertThat(first.isTruncated()).isTrue();
    assertThat(first.evaluationResults().getFirst().matchedStatements()).hasSize(1_000);
    var second = simulate(request.marker(first.marker()).build());
    assertThat(second.evaluationResults()).hasSize(11);
    assertThat(second.isTruncated()).isFalse();
    assertThat(second.evaluationResults().getFirst().evalActionName()).isEqualTo("ecs:StopTask");
    assertThat(second.evaluationResults().getFirst().evalResourceName()).endsWith("cluster/9");
  }

  /** Of the pairs of many actions and resources only those of the page are made. */
  @Test
  void aPageCostsNothingOfWhatIsNotOnIt() {
    var request =
        SimulateCustomPolicyRequest.builder()
            .policyInputList(List.of(KEYS))
            .actionNames(named("ecs:Action", 1_000))
            .resourceArns(named("arn:aws:ecs:us-east-1:" + f.account + ":cluster/", 1_000));
    simulate(request.maxItems(1).build());
    long before = THREADS.getCurrentThreadAllocatedBytes();
    var last = simulate(request.maxItems(100).build());
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(16L << 20);
    assertThat(last.evaluationResults()).hasSize(100);
    assertThat(last.isTruncated()).isTrue();
  }

  private static List<String> named(String prefix, int many) {
    return IntStream.range(0, many).mapToObj(i -> prefix + i).toList();
  }

  @Test
  void theContextHasAThousandValuesAtMost() {
    var values = ContextEntry.builder().contextKeyName("aws:TagKeys").contextKeyType("stringList");
    var request = custom("ecs:ListClusters");
    var thousand = values.contextKeyValues(named("v", 1_000)).build();
    simulate(request.contextEntries(List.of(thousand)).build());
    refused("InvalidInput", request.contextEntries(List.of(thousand, region())).build());
  }

  @Test
  void aMarkerIsGoodForItsOwnQuestionAlone() {
    var request = custom("ecs:ListClusters", "kms:Encrypt").maxItems(1);
    String marker = simulate(request.build()).marker();
    refused("ValidationError", custom("ecs:ListClusters", "s3:Get").marker(marker).build());
    assertThat(simulate(request.marker(marker).build()).evaluationResults())
        .extracting(EvaluationResult::evalActionName)
        .containsExactly("kms:Encrypt");
  }

  @Test
  void judgesAResourcePolicyAcrossAccounts() {
    String policy =
        """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecs:*","Resource":"*",
         "Principal":{"AWS":"arn:aws:iam::%s:user/ann"}}]}
        """
            .formatted(f.account);
    var request =
        custom("ecs:ListClusters")
            .contextEntries(List.of(region()))
            .resourceArns(List.of("arn:aws:ecs:us-east-1:999999999999:cluster/x"))
            .callerArn("arn:aws:iam::" + f.account + ":user/ann");
    var without = simulate(request.build()).evaluationResults().getFirst();
    assertThat(without.evalDecision()).isEqualTo("implicitDeny");
    var result = simulate(request.resourcePolicy(policy).build()).evaluationResults().getFirst();
    assertThat(result.evalDecision()).isEqualTo("allowed");
    assertThat(result.evalDecisionDetails())
        .isEqualTo(Map.of("IAM Policy", "allowed", "Resource Policy", "allowed"));
    assertThatThrownBy(() -> admin(request.callerArn(null).build()))
        .hasMessageContaining("CallerArn is required");
  }

  @Test
  void refusesWhatIsNoPolicyAndNoAction() {
    assertThatThrownBy(() -> admin(custom("ecs").build()))
        .hasMessageContaining("Invalid action name: ecs");
    for (String wild : List.of("ecs:*", "ecs:List?lusters", "*")) {
      refused("InvalidInput", custom("ecs:ListClusters", wild).build());
    }
    assertThatThrownBy(
            () ->
                admin(
                    SimulateCustomPolicyRequest.builder()
                        .policyInputList(List.of("{}"))
                        .actionNames(List.of("ecs:ListClusters"))
                        .build()))
        .hasMessageContaining("Invalid policy");
  }

  @Test
  void simulatesAUserWithItsBoundaryAndMore() {
    admin(CreateUserRequest.builder().userName("ann").build());
    admin(
        PutUserPolicyRequest.builder()
            .userName("ann")
            .policyName("own")
            .policyDocument(
                KEYS.replace("aws:RequestedRegion\":\"us-east-1", "aws:username\":\"ann"))
            .build());
    admin(
        AttachUserPolicyRequest.builder()
            .userName("ann")
            .policyArn("arn:aws:iam::aws:policy/AdministratorAccess")
            .build());
    var request =
        SimulatePrincipalPolicyRequest.builder()
            .policySourceArn("arn:aws:iam::" + f.account + ":user/ann")
            .actionNames(List.of("ecs:ListClusters", "kms:Encrypt"));
    var free = simulate(request.build()).evaluationResults();
    assertThat(free).extracting(EvaluationResult::evalDecision).containsOnly("allowed");
    assertThat(free.getFirst().matchedStatements())
        .extracting(dev.holdfast.aws.iam.Statement::sourcePolicyId)
        .containsExactly("user_ann_own", "AdministratorAccess");
    assertThat(free.getFirst().permissionsBoundaryDecisionDetail()).isNull();
    admin(CreatePolicyRequest.builder().policyName("b").policyDocument(KEYS).build());
    admin(
        PutUserPermissionsBoundaryRequest.builder()
            .userName("ann")
            .permissionsBoundary("arn:aws:iam::" + f.account + ":policy/b")
            .build());
    var bounded = simulate(request.contextEntries(List.of(region())).build()).evaluationResults();
    assertThat(bounded)
        .extracting(EvaluationResult::evalDecision)
        .containsExactly("allowed", "implicitDeny");
    var detail = Objects.requireNonNull(bounded.getLast().permissionsBoundaryDecisionDetail());
    assertThat(detail.allowedByPermissionsBoundary()).isFalse();
  }

  /** What is judged is what is told of: an ARN with another path, region or partition is nobody. */
  @Test
  void answersForTheArnThatWasJudgedAlone() {
    admin(CreateUserRequest.builder().userName("ann").path("/dev/").build());
    String arn = "arn:aws:iam::" + f.account + ":user/dev/ann";
    var simulate =
        SimulatePrincipalPolicyRequest.builder().actionNames(List.of("ecs:ListClusters"));
    for (String odd : List.of(arn.replace("/dev", ""), arn.replace("/dev/", "/prod/"))) {
      refused("NoSuchEntity", simulate.policySourceArn(odd).build());
      refused(
          "NoSuchEntity",
          GetContextKeysForPrincipalPolicyRequest.builder().policySourceArn(odd).build());
    }
    for (String odd :
        List.of(arn.replace("iam::", "iam:us-east-1:"), arn.replace("arn:aws:", "arn:aws-cn:"))) {
      refused("InvalidInput", simulate.policySourceArn(odd).build());
    }
    assertThat(simulate(simulate.policySourceArn(arn).build()).evaluationResults()).hasSize(1);
  }

  private void refused(String code, Shape request) {
    assertThatThrownBy(() -> admin(request))
        .isInstanceOfSatisfying(
            ApiError.class, e -> assertThat(e.code()).as(e.text()).isEqualTo(code));
  }

  /** As the guard judges, so the simulator tells. */
  @Test
  void aBoundaryThatIsLostAllowsNothing() {
    String boundary = "arn:aws:iam::" + f.account + ":policy/b";
    admin(
        CreatePolicyRequest.builder()
            .policyName("b")
            .policyDocument(KEYS.replace("aws:RequestedRegion", "aws:PrincipalAccount"))
            .build());
    admin(CreateUserRequest.builder().userName("ann").permissionsBoundary(boundary).build());
    admin(
        AttachUserPolicyRequest.builder()
            .userName("ann")
            .policyArn("arn:aws:iam::aws:policy/AdministratorAccess")
            .build());
    var request =
        SimulatePrincipalPolicyRequest.builder()
            .policySourceArn("arn:aws:iam::" + f.account + ":user/ann")
            .actionNames(List.of("kms:Encrypt"))
            .build();
    f.state.own(
        tx -> {
          tx.delete(IamTables.POLICIES, f.account, "b");
          return true;
        });
    var result = simulate(request).evaluationResults().getFirst();
    assertThat(result.evalDecision()).isEqualTo("explicitDeny");
    assertThat(result.matchedStatements())
        .singleElement()
        .satisfies(statement -> assertThat(statement.sourcePolicyId()).isEqualTo("b"));
    assertThat(
            Objects.requireNonNull(result.permissionsBoundaryDecisionDetail())
                .allowedByPermissionsBoundary())
        .isFalse();
  }

  /** Two policies may be shown under one name; what decided is still told of the right one. */
  @Test
  void policiesOfOneNameAreNotMixedUp() {
    admin(CreateUserRequest.builder().userName("ann").build());
    admin(
        CreatePolicyRequest.builder()
            .policyName("AdministratorAccess")
            .policyDocument(
                "{\"Version\":\"2012-10-17\",\"Statement\":["
                    + "{\"Effect\":\"Allow\",\"Action\":\"sqs:*\",\"Resource\":\"*\"},"
                    + "{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"},"
                    + "{\"Effect\":\"Allow\",\"Action\":\"ecs:*\",\"Resource\":\"*\"}]}")
            .build());
    for (String of : List.of(f.account.toString(), "aws")) {
      admin(
          AttachUserPolicyRequest.builder()
              .userName("ann")
              .policyArn("arn:aws:iam::" + of + ":policy/AdministratorAccess")
              .build());
    }
    for (String[] group : new String[][] {{"a", "b_c"}, {"a_b", "c"}}) {
      admin(CreateGroupRequest.builder().groupName(group[0]).build());
      admin(
          PutGroupPolicyRequest.builder()
              .groupName(group[0])
              .policyName(group[1])
              .policyDocument(
                  "{\"Version\":\"2012-10-17\",\"Statement\":[%s{\"Effect\":\"Allow\",\"Action\":\"%s:*\",\"Resource\":\"*\"}]}"
                      .formatted("\n".repeat(group[0].length()), "ecs"))
              .build());
      admin(AddUserToGroupRequest.builder().groupName(group[0]).userName("ann").build());
    }
    var result =
        simulate(
                SimulatePrincipalPolicyRequest.builder()
                    .policySourceArn("arn:aws:iam::" + f.account + ":user/ann")
                    .actionNames(List.of("ecs:ListClusters"))
                    .build())
            .evaluationResults()
            .getFirst();
    assertThat(result.evalDecision()).isEqualTo("allowed");
    assertThat(result.matchedStatements())
        .extracting(dev.holdfast.aws.iam.Statement::sourcePolicyId)
        .containsExactlyInAnyOrder(
            "AdministratorAccess", "AdministratorAccess", "group_a_b_c", "group_a_b_c");
    assertThat(result.matchedStatements())
        .filteredOn(s -> "group_a_b_c".equals(s.sourcePolicyId()))
        .extracting(s -> Objects.requireNonNull(s.endPosition()).line())
        .containsExactlyInAnyOrder(2, 4);
  }

  /** What policies read is missing whether or not it came to that. */
  @Test
  void tellsEveryKeyThatIsMissing() {
    String two =
        """
        {"Version":"2012-10-17","Statement":[
          {"Effect":"Allow","Action":"ecs:*","Resource":"*",
           "Condition":{"StringEquals":{"aws:RequestedRegion":"us-east-1"},
                        "StringLike":{"ecs:cluster":"*"}}},
          {"Effect":"Deny","Action":"kms:*","Resource":"arn:aws:kms:*:*:key/${aws:username}"}]}
        """;
    var result =
        simulate(
                SimulateCustomPolicyRequest.builder()
                    .policyInputList(List.of(two))
                    .actionNames(List.of("ecs:ListClusters"))
                    .build())
            .evaluationResults()
            .getFirst();
    assertThat(result.missingContextValues())
        .containsExactly("aws:RequestedRegion", "aws:username", "ecs:cluster");
  }

  /** A resource's own policy may let somebody in whom their boundary does not. */
  @Test
  void theBoundaryIsToldByItself() {
    var result =
        simulate(
                SimulateCustomPolicyRequest.builder()
                    .policyInputList(List.of(KEYS))
                    .permissionsBoundaryPolicyInputList(
                        List.of(
                            "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}}"))
                    .resourcePolicy(
                        "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::%s:user/ann\"},\"Action\":\"ecs:*\",\"Resource\":\"*\"}}"
                            .formatted(f.account))
                    .callerArn("arn:aws:iam::" + f.account + ":user/ann")
                    .resourceArns(List.of("arn:aws:ecs:us-east-1:" + f.account + ":cluster/x"))
                    .actionNames(List.of("ecs:DescribeClusters"))
                    .build())
            .evaluationResults()
            .getFirst();
    assertThat(result.evalDecision()).isEqualTo("allowed");
    assertThat(
            Objects.requireNonNull(result.permissionsBoundaryDecisionDetail())
                .allowedByPermissionsBoundary())
        .isFalse();
  }

  @Test
  void tellsTheKeysThatPoliciesRead() {
    var keys =
        (GetContextKeysForPolicyResponse)
            admin(
                GetContextKeysForCustomPolicyRequest.builder()
                    .policyInputList(
                        List.of(
                            KEYS,
                            "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\","
                                + "\"Resource\":\"arn:aws:s3:::${aws:username}\"}}"))
                    .build());
    assertThat(keys.contextKeyNames()).containsExactly("aws:RequestedRegion", "aws:username");
    admin(CreateUserRequest.builder().userName("ann").build());
    var none =
        (GetContextKeysForPolicyResponse)
            admin(
                GetContextKeysForPrincipalPolicyRequest.builder()
                    .policySourceArn("arn:aws:iam::" + f.account + ":user/ann")
                    .build());
    assertThat(none.contextKeyNames()).isEmpty();
  }
}
