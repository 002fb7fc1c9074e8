// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.iam.CreatePolicyRequest;
import dev.holdfast.aws.iam.CreatePolicyResponse;
import dev.holdfast.aws.iam.CreateRoleRequest;
import dev.holdfast.aws.iam.CreateUserRequest;
import dev.holdfast.aws.iam.DeletePolicyRequest;
import dev.holdfast.aws.iam.DeleteRolePolicyRequest;
import dev.holdfast.aws.iam.DeleteRoleRequest;
import dev.holdfast.aws.iam.DeleteUserRequest;
import dev.holdfast.aws.iam.GetRoleRequest;
import dev.holdfast.aws.iam.GetRoleResponse;
import dev.holdfast.aws.iam.PutRolePolicyRequest;
import dev.holdfast.aws.iam.Tag;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.sigv4.SignatureFault;
import dev.holdfast.aws.sts.AssumeRoleRequest;
import dev.holdfast.aws.sts.AssumeRoleResponse;
import dev.holdfast.aws.sts.PolicyDescriptorType;
import dev.holdfast.iam.control.Sessions;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Region;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class AssumeRoleTest {
  private static final String ALL =
      "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\","
          + "\"Resource\":\"*\"}}";

  private final Fixture f = new Fixture();

  private String arn(String name) {
    return "arn:aws:iam::" + f.account + ":role/" + name;
  }

  private String trusting(String principal, String actions) {
    return "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":"
        + principal
        + ",\"Action\":"
        + actions
        + "}]}";
  }

  private String account() {
    return "{\"AWS\":\"" + f.account + "\"}";
  }

  private void role(String name, String trust, Tag... tags) {
    f.call(
        f.administrator(),
        CreateRoleRequest.builder()
            .roleName(name)
            .assumeRolePolicyDocument(trust)
            .tags(List.of(tags))
            .build());
    f.call(
        f.administrator(),
        PutRolePolicyRequest.builder()
            .roleName(name)
            .policyName("all")
            .policyDocument(ALL)
            .build());
  }

  private AssumeRoleRequest request(String role) {
    return AssumeRoleRequest.builder().roleArn(arn(role)).roleSessionName("session").build();
  }

  private Principal assume(Principal caller, AssumeRoleRequest request) {
    var out = f.call(caller, request, AssumeRoleResponse.class);
    var keys = Objects.requireNonNull(out.credentials());
    return f.principal(
        new Credentials(keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken()));
  }

  @Test
  void opensASessionOfTheRole() {
    role("r", trusting(account(), "\"sts:AssumeRole\""));
    Principal session = assume(f.administrator(), request("r"));
    assertThat(session.arn()).hasToString("arn:aws:sts::" + f.account + ":assumed-role/r/session");
    assertThat(session.userId()).startsWith("AROA").endsWith(":session");
    f.require(session, Demand.on("ecs:ListClusters"));
  }

  @Test
  void aRoleThatTrustsSomebodyElseLooksLikeNone() {
    role("r", trusting("{\"Service\":\"ecs-tasks.amazonaws.com\"}", "\"sts:AssumeRole\""));
    for (String name : List.of("r", "absent")) {
      assertThatThrownBy(() -> assume(f.administrator(), request(name)))
          .isInstanceOfSatisfying(
              ApiError.class,
              e -> {
                assertThat(e.code()).isEqualTo("AccessDenied");
                assertThat(e.text())
                    .startsWith(
                        "User: "
                            + f.administrator().arn()
                            + " is not authorized to perform: sts:AssumeRole on resource: "
                            + arn(name)
                            + " (authorization id: ");
              });
    }
  }

  @Test
  void aUserThatIsMadeAnewIsNotTrustedAnew() {
    f.call(f.administrator(), CreateUserRequest.builder().userName("ann").build());
    String ann = "arn:aws:iam::" + f.account + ":user/ann";
    role("r", trusting("{\"AWS\":\"" + ann + "\"}", "\"sts:AssumeRole\""));
    assertThat(shownTrust("r")).contains("%3Auser%2Fann");
    f.call(f.administrator(), DeleteUserRequest.builder().userName("ann").build());
    f.call(f.administrator(), CreateUserRequest.builder().userName("ann").build());
    assertThat(shownTrust("r")).doesNotContain("ann").contains("AIDA");
  }

  private String shownTrust(String role) {
    return String.valueOf(
        f.call(
                f.administrator(),
                GetRoleRequest.builder().roleName(role).build(),
                GetRoleResponse.class)
            .role()
            .assumeRolePolicyDocument());
  }

  @Test
  void aTrustPolicyNamesOnlyWhoExists() {
    String nobody = "{\"AWS\":\"arn:aws:iam::" + f.account + ":user/nobody\"}";
    assertThatThrownBy(() -> role("r", trusting(nobody, "\"sts:AssumeRole\"")))
        .isInstanceOfSatisfying(
            ApiError.class,
            e -> {
              assertThat(e.code()).isEqualTo("MalformedPolicyDocument");
              assertThat(e.text()).startsWith("Invalid principal in policy: \"AWS\":");
            });
  }

  @Test
  void sessionTagsNeedTheirOwnPermissionAndTransitiveOnesPassOn() {
    var tagged =
        request("r").toBuilder()
            .tags(
                List.of(
                    dev.holdfast.aws.sts.Tag.builder().key("team").value("blue").build(),
                    dev.holdfast.aws.sts.Tag.builder().key("own").value("1").build()))
            .transitiveTagKeys(List.of("team"))
            .build();
    role("r", trusting(account(), "\"sts:AssumeRole\""), tag("Team", "red"));
    assertThatThrownBy(() -> assume(f.administrator(), tagged))
        .hasMessageContaining("sts:TagSession");
    String both = trusting(account(), "[\"sts:AssumeRole\",\"sts:TagSession\"]");
    role("s", both, tag("Team", "red"));
    role("t", both);
    Principal session = assume(f.administrator(), tagged.toBuilder().roleArn(arn("s")).build());
    assertThat(session.tags()).isEqualTo(Map.of("team", "blue", "own", "1"));
    Principal next = assume(session, request("t"));
    assertThat(next.tags()).isEqualTo(Map.of("team", "blue"));
    assertThatThrownBy(() -> assume(session, tagged.toBuilder().roleArn(arn("t")).build()))
        .hasMessageContaining("conflicts with a transitive tag key");
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  @Test
  void sessionPoliciesLimitTheSession() {
    role("r", trusting(account(), "\"sts:AssumeRole\""));
    String policy =
        "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\","
            + "\"Action\":\"ecs:ListClusters\",\"Resource\":\"*\"}}";
    Principal session = assume(f.administrator(), request("r").toBuilder().policy(policy).build());
    f.require(session, Demand.on("ecs:ListClusters"));
    assertThatThrownBy(() -> f.require(session, Demand.on("ecs:ListTaskDefinitions")))
        .hasMessageContaining("because no session policy allows");
    var readOnly =
        PolicyDescriptorType.builder()
            .arn("arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess")
            .build();
    Principal other =
        assume(f.administrator(), request("r").toBuilder().policyArns(List.of(readOnly)).build());
    f.require(other, Demand.on("ssm:DescribeParameters"));
    assertThatThrownBy(() -> f.require(other, Demand.on("ecs:ListClusters")))
        .isInstanceOf(ApiError.class);
  }

  /** Who deletes the policy that limits a session takes its Deny away from nobody. */
  @Test
  void aSessionPolicyThatIsDeletedAllowsNothing() {
    role("r", trusting(account(), "\"sts:AssumeRole\""));
    var deny =
        Objects.requireNonNull(
            f.call(
                    f.administrator(),
                    CreatePolicyRequest.builder()
                        .policyName("deny")
                        .policyDocument(
                            ALL.replace("Allow", "Deny")
                                .replace("Action\":\"*", "Action\":\"ecs:StopTask"))
                        .build(),
                    CreatePolicyResponse.class)
                .policy());
    String arn = Objects.requireNonNull(deny.arn());
    Principal session =
        assume(
            f.administrator(),
            request("r").toBuilder()
                .policyArns(
                    List.of(
                        PolicyDescriptorType.builder().arn(arn).build(),
                        PolicyDescriptorType.builder()
                            .arn("arn:aws:iam::aws:policy/AdministratorAccess")
                            .build()))
                .build());
    f.require(session, Demand.on("ecs:ListClusters"));
    f.call(f.administrator(), DeletePolicyRequest.builder().policyArn(arn).build());
    for (String action : List.of("ecs:StopTask", "ecs:ListClusters")) {
      assertThatThrownBy(() -> f.require(session, Demand.on(action)))
          .hasMessageContaining("with an explicit deny in a session policy");
    }
  }

  @Test
  void durationsHaveTheirLimits() {
    role("r", trusting(account(), "\"sts:AssumeRole\""));
    assertThatThrownBy(
            () -> assume(f.administrator(), request("r").toBuilder().durationSeconds(3601).build()))
        .hasMessageContaining("exceeds the MaxSessionDuration set for this role");
    Principal session = assume(f.administrator(), request("r"));
    assertThatThrownBy(
            () -> assume(session, request("r").toBuilder().durationSeconds(3601).build()))
        .hasMessageContaining("1 hour session limit for roles assumed by role chaining");
  }

  @Test
  void sessionsEndWithTheirRole() {
    role("r", trusting(account(), "\"sts:AssumeRole\""));
    var out = f.call(f.administrator(), request("r"), AssumeRoleResponse.class);
    var keys = Objects.requireNonNull(out.credentials());
    var credentials =
        new Credentials(keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken());
    f.principal(credentials);
    f.call(
        f.administrator(),
        DeleteRolePolicyRequest.builder().roleName("r").policyName("all").build());
    f.call(f.administrator(), DeleteRoleRequest.builder().roleName("r").build());
    role("r", trusting(account(), "\"sts:AssumeRole\""));
    assertThatThrownBy(() -> f.principal(credentials)).isInstanceOf(SignatureFault.class);
  }

  private Sessions.ForService forTask(String role, Map<String, String> tags) {
    return new Sessions.ForService(
        arn(role),
        "ecs-tasks.amazonaws.com",
        "0123456789abcdef0123456789abcdef",
        tags,
        null,
        Duration.ofHours(6),
        Arn.of("ecs", Region.GLOBAL, f.account, "task/shop/0123456789abcdef0123456789abcdef"));
  }

  @Test
  void aServiceActsOnlyInRolesThatTrustIt() {
    role("human", trusting(account(), "\"sts:AssumeRole\""));
    role("task", trusting("{\"Service\":\"ecs-tasks.amazonaws.com\"}", "\"sts:AssumeRole\""));
    assertThatThrownBy(() -> f.iam.sessions().issueForService(forTask("human", Map.of())))
        .hasMessageContaining("its trust policy has to allow sts:AssumeRole");
    assertThatThrownBy(() -> f.iam.sessions().issueForService(forTask("absent", Map.of())))
        .hasMessageContaining("does not exist");
    var session = f.iam.sessions().issueForService(forTask("task", Map.of()));
    Principal principal = f.principal(session.credentials());
    f.require(principal, Demand.on("ecs:ListClusters"));
    f.iam.sessions().end(session);
    assertThatThrownBy(() -> f.principal(session.credentials())).isInstanceOf(SignatureFault.class);
  }

  /** A role for tasks on behalf of what the two conditions say. */
  private void forSources(String name, String arn, String account) {
    role(
        name,
        trusting(
            "{\"Service\":\"ecs-tasks.amazonaws.com\"}",
            "\"sts:AssumeRole\",\"Condition\":{\"ArnLike\":{\"aws:SourceArn\":\""
                + arn
                + "\"},\"StringEquals\":{\"aws:SourceAccount\":\""
                + account
                + "\"}}"));
  }

  @Test
  void aServiceActsInARoleOnBehalfOfTheSourcesAloneThatItsTrustNames() {
    forSources("mine", "arn:aws:ecs:*:" + f.account + ":*", f.account.toString());
    forSources("shop", "arn:aws:ecs:*:" + f.account + ":task/shop/*", f.account.toString());
    forSources(
        "other-cluster", "arn:aws:ecs:*:" + f.account + ":task/other/*", f.account.toString());
    forSources("other-account", "arn:aws:ecs:*:*:*", "999999999999");
    for (String role : List.of("mine", "shop")) {
      f.principal(f.iam.sessions().issueForService(forTask(role, Map.of())).credentials());
    }
    for (String role : List.of("other-cluster", "other-account")) {
      assertThatThrownBy(() -> f.iam.sessions().issueForService(forTask(role, Map.of())))
          .hasMessageContaining("its trust policy has to allow sts:AssumeRole");
    }
  }

  /** What a trust policy may ask of any call it may ask of a service's too. */
  @Test
  void aServicesCallCarriesTheKeysOfEveryCall() {
    for (String condition :
        List.of(
            "\"NumericGreaterThan\":{\"aws:EpochTime\":\"1700000000\"}",
            "\"Bool\":{\"aws:SecureTransport\":\"true\"}",
            "\"StringEquals\":{\"aws:RequestedRegion\":\"us-east-1\"}",
            "\"StringEquals\":{\"aws:ResourceAccount\":\"" + f.account + "\"}",
            "\"ForAnyValue:StringEquals\":{\"aws:PrincipalServiceNamesList\":"
                + "\"ecs-tasks.amazonaws.com\"}")) {
      String name = "r" + Math.floorMod(condition.hashCode(), 100_000);
      role(
          name,
          trusting(
              "{\"Service\":\"ecs-tasks.amazonaws.com\"}",
              "\"sts:AssumeRole\",\"Condition\":{" + condition + "}"));
      assertThat(
              f.principal(f.iam.sessions().issueForService(forTask(name, Map.of())).credentials()))
          .as(condition)
          .isNotNull();
    }
  }

  @Test
  void tagsTakeTheirPartOfWhatASessionMayPack() {
    role("r", trusting(account(), "[\"sts:AssumeRole\",\"sts:TagSession\"]"));
    var few = request("r").toBuilder().tags(sessionTags(20, 256)).build();
    var out = f.call(f.administrator(), few, AssumeRoleResponse.class);
    assertThat(out.packedPolicySize()).isBetween(60, 70);
    var many = request("r").toBuilder().tags(sessionTags(50, 256)).build();
    assertThatThrownBy(() -> assume(f.administrator(), many))
        .isInstanceOfSatisfying(
            ApiError.class,
            e -> {
              assertThat(e.code()).isEqualTo("PackedPolicyTooLarge");
              assertThat(e.text())
                  .isEqualTo("Packed size of session tags consumes 160% of allotted space.");
            });
  }

  private static List<dev.holdfast.aws.sts.Tag> sessionTags(int count, int length) {
    return IntStream.range(0, count)
        .mapToObj(i -> new dev.holdfast.aws.sts.Tag("tag%02d".formatted(i), "v".repeat(length)))
        .toList();
  }

  @Test
  void aTasksSessionKeepsItsEnvironmentThroughEveryRole() {
    String service = "{\"Service\":\"ecs-tasks.amazonaws.com\"}";
    role("task", trusting(service, "\"sts:AssumeRole\""));
    role("other", trusting(account(), "\"sts:AssumeRole\""));
    role("prod", trusting(account(), "\"sts:AssumeRole\""), tag("environment", "prod"));
    Map<String, String> tags = Map.of(Principal.ENVIRONMENT, "dev", Sessions.TASK_TAG, "task-arn");
    Principal task =
        f.principal(f.iam.sessions().issueForService(forTask("task", tags)).credentials());
    assertThat(task.environment()).isEqualTo("dev");
    assertThat(assume(task, request("other")).environment()).isEqualTo("dev");
    assertThatThrownBy(() -> assume(task, request("prod")))
        .hasMessageContaining("environment-leak");
    Principal without =
        f.principal(
            f.iam
                .sessions()
                .issueForService(forTask("task", Map.of(Sessions.TASK_TAG, "task-arn")))
                .credentials());
    assertThatThrownBy(() -> assume(without, request("prod")))
        .hasMessageContaining("the caller to none");
  }
}
