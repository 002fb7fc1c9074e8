// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.iam.CreateAccessKeyRequest;
import dev.holdfast.aws.iam.CreateAccessKeyResponse;
import dev.holdfast.aws.iam.CreateRoleRequest;
import dev.holdfast.aws.iam.DeleteAccessKeyRequest;
import dev.holdfast.aws.iam.DeleteRolePolicyRequest;
import dev.holdfast.aws.iam.DeleteRoleRequest;
import dev.holdfast.aws.iam.PutRolePolicyRequest;
import dev.holdfast.aws.iam.UpdateAccessKeyRequest;
import dev.holdfast.aws.iam.UpdateAssumeRolePolicyRequest;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.sigv4.SignatureFault;
import dev.holdfast.aws.sts.AssumeRoleRequest;
import dev.holdfast.aws.sts.AssumeRoleResponse;
import dev.holdfast.aws.sts.GetSessionTokenRequest;
import dev.holdfast.aws.sts.GetSessionTokenResponse;
import dev.holdfast.aws.sts.Tag;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Principal;
import dev.holdfast.service.Tags;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What keeps a session within what it was opened for, and takes it back. */
class SessionSafetyTest {
  private final Fixture f = new Fixture();

  private String arn(String role) {
    return "arn:aws:iam::" + f.account + ":role/" + role;
  }

  private String trust(String actions) {
    return "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\""
        + f.account
        + "\"},\"Action\":["
        + actions
        + "]}]}";
  }

  private void role(String name, String actions) {
    f.call(
        f.administrator(),
        CreateRoleRequest.builder()
            .roleName(name)
            .assumeRolePolicyDocument(trust(actions))
            .maxSessionDuration(43_200)
            .build());
    policy(name, "all", "{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}");
  }

  private void policy(String role, String name, String statement) {
    f.call(
        f.administrator(),
        PutRolePolicyRequest.builder()
            .roleName(role)
            .policyName(name)
            .policyDocument("{\"Version\":\"2012-10-17\",\"Statement\":[" + statement + "]}")
            .build());
  }

  private AssumeRoleRequest request(String role) {
    return AssumeRoleRequest.builder().roleArn(arn(role)).roleSessionName("run").build();
  }

  private Credentials open(Principal caller, AssumeRoleRequest request) {
    var keys =
        Objects.requireNonNull(f.call(caller, request, AssumeRoleResponse.class).credentials());
    return new Credentials(keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken());
  }

  private Principal assume(Principal caller, AssumeRoleRequest request) {
    return f.principal(open(caller, request));
  }

  /** The policy that AWS's console puts on a role whose sessions it revokes. */
  @Test
  void olderSessionsAreRevokedAndNewOnesAreNot() {
    role("r", "\"sts:AssumeRole\"");
    Principal old = assume(f.administrator(), request("r"));
    f.require(old, Demand.on("ecs:ListClusters"));
    f.pass(Duration.ofSeconds(1));
    policy(
        "r",
        "AWSRevokeOlderSessions",
        "{\"Effect\":\"Deny\",\"Action\":[\"*\"],\"Resource\":[\"*\"],\"Condition\":{\"DateLessThan\":"
            + "{\"aws:TokenIssueTime\":\""
            + f.now
            + "\"}}}");
    assertThatThrownBy(() -> f.require(old, Demand.on("ecs:ListClusters")))
        .hasMessageContaining("with an explicit deny in an identity-based policy");
    f.require(assume(f.administrator(), request("r")), Demand.on("ecs:ListClusters"));
  }

  @Test
  void aChainOfRolesLastsAnHourWhateverTheRoleAllows() {
    role("one", "\"sts:AssumeRole\"");
    role("two", "\"sts:AssumeRole\"");
    Principal first =
        assume(f.administrator(), request("one").toBuilder().durationSeconds(43_200).build());
    assertThat(Objects.requireNonNull(first.session()).chained()).isFalse();
    assertThatThrownBy(() -> open(first, request("two").toBuilder().durationSeconds(3_601).build()))
        .isInstanceOfSatisfying(
            ApiError.class, e -> assertThat(e.code()).isEqualTo("ValidationError"))
        .hasMessage(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by"
                + " role chaining");
    Credentials second = open(first, request("two").toBuilder().durationSeconds(3_600).build());
    assertThat(Objects.requireNonNull(f.principal(second).session()).chained()).isTrue();
    f.pass(Duration.ofHours(1));
    assertThatThrownBy(() -> f.principal(second)).isInstanceOf(SignatureFault.class);
    f.require(first, Demand.on("ecs:ListClusters"));
  }

  @Test
  void aSourceIdentityStaysWhatItIsAlongTheChain() {
    String actions = "\"sts:AssumeRole\",\"sts:SetSourceIdentity\"";
    role("one", actions);
    role("two", actions);
    Principal first =
        assume(f.administrator(), request("one").toBuilder().sourceIdentity("ann").build());
    assertThatThrownBy(
            () -> assume(first, request("two").toBuilder().sourceIdentity("bob").build()))
        .isInstanceOf(ApiError.class)
        .hasMessageContaining("source identity");
    for (AssumeRoleRequest next :
        List.of(request("two"), request("two").toBuilder().sourceIdentity("ann").build())) {
      assertThat(Objects.requireNonNull(assume(first, next).session()).sourceIdentity())
          .isEqualTo("ann");
    }
    role("plain", "\"sts:AssumeRole\"");
    assertThatThrownBy(
            () ->
                open(f.administrator(), request("plain").toBuilder().sourceIdentity("x1").build()))
        .hasMessageContaining("sts:SetSourceIdentity");
  }

  /** Who hands a source identity on sets it: both sides have to let them, and may ask which. */
  @Test
  void aSourceIdentityIsHandedOnOnlyWithLeaveOfBothSides() {
    String both = "\"sts:AssumeRole\",\"sts:SetSourceIdentity\"";
    role("one", both);
    role("deaf", "\"sts:AssumeRole\"");
    role("two", both);
    Principal plain = assume(f.administrator(), request("one"));
    Principal first =
        assume(f.administrator(), request("one").toBuilder().sourceIdentity("ann").build());
    assertThatThrownBy(() -> open(first, request("deaf")))
        .hasMessageContaining("sts:SetSourceIdentity on resource: " + arn("deaf"));
    open(plain, request("deaf"));
    open(first, request("two"));
    policy(
        "one",
        "all",
        "{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"},"
            + "{\"Effect\":\"Deny\",\"Action\":\"sts:AssumeRole\",\"Resource\":\"*\",\"Condition\":"
            + "{\"StringEquals\":{\"sts:SourceIdentity\":\"ann\"}}}");
    assertThatThrownBy(() -> open(first, request("two"))).hasMessageContaining("explicit deny");
    open(plain, request("two"));
    policy(
        "one",
        "all",
        "{\"Effect\":\"Allow\",\"NotAction\":\"sts:SetSourceIdentity\",\"Resource\":\"*\"}");
    assertThatThrownBy(() -> open(first, request("two")))
        .hasMessageContaining("sts:SetSourceIdentity");
    open(plain, request("two"));
  }

  @Test
  void transitiveTagsCannotBeChangedOrDroppedAndOthersEnd() {
    String actions = "\"sts:AssumeRole\",\"sts:TagSession\"";
    role("one", actions);
    role("two", actions);
    role("three", actions);
    Principal first =
        assume(
            f.administrator(),
            request("one").toBuilder()
                .tags(List.of(tag("team", "blue"), tag("own", "1")))
                .transitiveTagKeys(List.of("team"))
                .build());
    assertThatThrownBy(
            () -> open(first, request("two").toBuilder().tags(List.of(tag("TEAM", "red"))).build()))
        .isInstanceOf(ApiError.class)
        .hasMessageContaining("conflicts with a transitive tag key");
    Principal third = assume(assume(first, request("two")), request("three"));
    assertThat(third.tags()).containsEntry("team", "blue").doesNotContainKey("own");
  }

  /** Of a principal that was proved earlier the role's tags are today's, the session's its own. */
  @Test
  void aTagThatIsTakenFromARoleCountsNoLonger() {
    role("r", "\"sts:AssumeRole\",\"sts:TagSession\"");
    roleTags(Map.of("team", "blue", "level", "high", "own", "no"));
    Principal earlier =
        assume(
            f.administrator(), request("r").toBuilder().tags(List.of(tag("OWN", "yes"))).build());
    assertThat(today(earlier).tags())
        .isEqualTo(Map.of("team", "blue", "level", "high", "OWN", "yes"));
    f.state.own(
        tx -> {
          Tags.remove(tx, f.account, Arn.parse(arn("r")).orElseThrow(), List.of("team", "own"));
          return "";
        });
    roleTags(Map.of("level", "low"));
    assertThat(today(earlier).tags()).isEqualTo(Map.of("level", "low", "OWN", "yes"));
    assertThat(today(today(earlier)).tags()).isEqualTo(Map.of("level", "low", "OWN", "yes"));
  }

  private void roleTags(Map<String, String> tags) {
    f.state.own(
        tx -> {
          Tags.add(tx, f.account, Arn.parse(arn("r")).orElseThrow(), tags);
          return "";
        });
  }

  private Principal today(Principal earlier) {
    return f.iam.authenticator().current(earlier, f.now).orElseThrow();
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  @Test
  void aRoleThatIsMadeAnewHasNoneOfTheSessionsOfTheOldOne() {
    role("r", "\"sts:AssumeRole\"");
    Credentials session = open(f.administrator(), request("r"));
    f.call(
        f.administrator(),
        DeleteRolePolicyRequest.builder().roleName("r").policyName("all").build());
    f.call(f.administrator(), DeleteRoleRequest.builder().roleName("r").build());
    assertThatThrownBy(() -> f.principal(session)).isInstanceOf(SignatureFault.class);
    role("r", "\"sts:AssumeRole\"");
    assertThatThrownBy(() -> f.principal(session)).isInstanceOf(SignatureFault.class);
    f.principal(open(f.administrator(), request("r")));
  }

  @Test
  void whatARoleMayAndWhomItTrustsHoldsForTheVeryNextCall() {
    role("r", "\"sts:AssumeRole\"");
    Principal session = assume(f.administrator(), request("r"));
    f.require(session, Demand.on("ecs:ListClusters"));
    policy("r", "all", "{\"Effect\":\"Allow\",\"Action\":\"ssm:*\",\"Resource\":\"*\"}");
    assertThatThrownBy(() -> f.require(session, Demand.on("ecs:ListClusters")))
        .isInstanceOf(ApiError.class);
    f.call(
        f.administrator(),
        UpdateAssumeRolePolicyRequest.builder()
            .roleName("r")
            .policyDocument(trust("\"sts:TagSession\""))
            .build());
    assertThatThrownBy(() -> open(f.administrator(), request("r"))).isInstanceOf(ApiError.class);
    f.require(session, Demand.on("ssm:DescribeParameters")); // opened when it was trusted
  }

  @Test
  void aRoleThatTrustsNobodyAnyMoreOpensNoSessionThatIsUnderWay() {
    role("r", "\"sts:AssumeRole\"");
    f.meanwhile =
        () ->
            f.call(
                f.administrator(),
                UpdateAssumeRolePolicyRequest.builder()
                    .roleName("r")
                    .policyDocument(trust("\"sts:TagSession\""))
                    .build());
    assertThatThrownBy(() -> open(f.administrator(), request("r")))
        .isInstanceOf(ApiError.class)
        .hasMessageContaining("is not authorized to perform: sts:AssumeRole on resource");
  }

  @Test
  void aRoleOfTheSameNameIsNotTheOneThatWasJudged() {
    role("r", "\"sts:AssumeRole\"");
    f.meanwhile =
        () -> {
          f.call(
              f.administrator(),
              DeleteRolePolicyRequest.builder().roleName("r").policyName("all").build());
          f.call(f.administrator(), DeleteRoleRequest.builder().roleName("r").build());
          role("r", "\"sts:AssumeRole\"");
        };
    assertThatThrownBy(() -> open(f.administrator(), request("r")))
        .isInstanceOf(ApiError.class)
        .hasMessageContaining("is not authorized to perform: sts:AssumeRole on resource");
    open(f.administrator(), request("r"));
  }

  @Test
  void oneSessionIsEndedAtOnceAndNoOther() {
    role("r", "\"sts:AssumeRole\"");
    Credentials one = open(f.administrator(), request("r"));
    Credentials two = open(f.administrator(), request("r"));
    String id = Objects.requireNonNull(f.principal(one).session()).id();
    f.iam.sessions().end(f.account, id);
    assertThatThrownBy(() -> f.principal(one)).isInstanceOf(SignatureFault.class);
    f.principal(two);
  }

  private Credentials own() {
    var keys =
        Objects.requireNonNull(
            f.call(
                    f.administrator(),
                    GetSessionTokenRequest.builder().build(),
                    GetSessionTokenResponse.class)
                .credentials());
    return new Credentials(keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken());
  }

  private void status(String status) {
    f.call(
        f.administrator(),
        UpdateAccessKeyRequest.builder()
            .accessKeyId(f.administratorKey.accessKeyId())
            .status(status)
            .build());
  }

  /** Stricter than AWS, where such a session outlives its key. */
  @Test
  void aUsersOwnSessionEndsWithTheKeyThatOpenedIt() {
    Principal administrator = f.administrator();
    var other =
        f.call(
                administrator,
                CreateAccessKeyRequest.builder().userName("administrator").build(),
                CreateAccessKeyResponse.class)
            .accessKey();
    Credentials session = own();
    Principal earlier = f.principal(session);
    f.pass(Duration.ofSeconds(1));
    status("Inactive");
    assertThatThrownBy(() -> f.principal(session)).isInstanceOf(SignatureFault.class);
    assertThat(f.iam.authenticator().current(earlier, f.now)).isEmpty();
    var second = new Credentials(other.accessKeyId(), other.secretAccessKey(), null);
    f.call(
        f.principal(second),
        UpdateAccessKeyRequest.builder()
            .accessKeyId(f.administratorKey.accessKeyId())
            .status("Active")
            .build());
    assertThatThrownBy(() -> f.principal(session)).isInstanceOf(SignatureFault.class);
    f.pass(Duration.ofSeconds(15));
    f.principal(own());
  }

  private Principal other() {
    var key =
        f.call(
                f.administrator(),
                CreateAccessKeyRequest.builder().userName("administrator").build(),
                CreateAccessKeyResponse.class)
            .accessKey();
    return f.principal(new Credentials(key.accessKeyId(), key.secretAccessKey(), null));
  }

  private DeleteAccessKeyRequest deletion() {
    return DeleteAccessKeyRequest.builder().accessKeyId(f.administratorKey.accessKeyId()).build();
  }

  /** The call that takes the key back was let in first, and waited. */
  @Test
  void aSessionThatIsOpenedWhileItsKeyIsTakenBackEndsWithIt() {
    Call deletes = f.call(other(), "iam");
    f.pass(Duration.ofSeconds(5));
    Credentials session = own();
    f.principal(session);
    f.pass(Duration.ofSeconds(1));
    f.late(deletes, deletion());
    assertThatThrownBy(() -> f.principal(session)).isInstanceOf(SignatureFault.class);
    f.pass(Duration.ofHours(11));
    f.iam.sessions().sweep(f.account, f.now);
    assertThatThrownBy(() -> f.principal(session)).isInstanceOf(SignatureFault.class);
  }

  @Test
  void aSessionThatIsOpenedAfterItsKeyWasDeletedIsNone() {
    Principal letIn = f.administrator();
    f.call(other(), deletion());
    f.pass(Duration.ofMinutes(1)); // it waited
    var keys =
        Objects.requireNonNull(
            f.call(letIn, GetSessionTokenRequest.builder().build(), GetSessionTokenResponse.class)
                .credentials());
    var session = new Credentials(keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken());
    assertThatThrownBy(() -> f.principal(session)).isInstanceOf(SignatureFault.class);
  }

  @Test
  void aSessionThatIsOpenedWhileItsKeyIsMadeInactiveEndsWithIt() {
    Principal second = other();
    Call deactivates = f.call(second, "iam");
    f.pass(Duration.ofSeconds(5));
    Principal letIn = f.administrator();
    Credentials before = own();
    f.late(
        deactivates,
        UpdateAccessKeyRequest.builder()
            .accessKeyId(f.administratorKey.accessKeyId())
            .status("Inactive")
            .build());
    var keys =
        Objects.requireNonNull(
            f.call(letIn, GetSessionTokenRequest.builder().build(), GetSessionTokenResponse.class)
                .credentials());
    var after = new Credentials(keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken());
    for (Credentials session : List.of(before, after)) {
      assertThatThrownBy(() -> f.principal(session)).isInstanceOf(SignatureFault.class);
    }
  }
}
