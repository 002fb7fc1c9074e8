// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.iam.AddUserToGroupRequest;
import dev.holdfast.aws.iam.CreateAccessKeyRequest;
import dev.holdfast.aws.iam.CreateAccessKeyResponse;
import dev.holdfast.aws.iam.CreateGroupRequest;
import dev.holdfast.aws.iam.CreateUserRequest;
import dev.holdfast.aws.iam.DeleteUserPolicyRequest;
import dev.holdfast.aws.iam.ListUsersRequest;
import dev.holdfast.aws.iam.PutGroupPolicyRequest;
import dev.holdfast.aws.iam.PutUserPolicyRequest;
import dev.holdfast.aws.iam.Tag;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.sts.GetCallerIdentityRequest;
import dev.holdfast.aws.sts.GetSessionTokenRequest;
import dev.holdfast.aws.sts.GetSessionTokenResponse;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Region;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Principal;
import dev.holdfast.service.Profile;
import dev.holdfast.service.Tags;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class GuardTest {
  private final Fixture f = new Fixture();

  private static Principal user(Fixture f, String name, Tag... tags) {
    f.call(
        f.administrator(), CreateUserRequest.builder().userName(name).tags(List.of(tags)).build());
    var out =
        f.call(
            f.administrator(),
            CreateAccessKeyRequest.builder().userName(name).build(),
            CreateAccessKeyResponse.class);
    return f.principal(
        new Credentials(out.accessKey().accessKeyId(), out.accessKey().secretAccessKey(), null));
  }

  private static void allow(Fixture f, String user, String statement) {
    f.call(
        f.administrator(),
        PutUserPolicyRequest.builder()
            .userName(user)
            .policyName("p")
            .policyDocument("{\"Version\":\"2012-10-17\",\"Statement\":[" + statement + "]}")
            .build());
  }

  private static Arn cluster(Fixture f) {
    return Arn.of("ecs", Region.GLOBAL, f.account, "cluster/shop");
  }

  private static Arn parameter(Fixture f, String name) {
    return Arn.of("ssm", Region.GLOBAL, f.account, "parameter/" + name);
  }

  @Test
  void deniesInTheWordsOfAwsAndExplains() {
    Principal ann = user(f, "ann");
    assertThatThrownBy(() -> f.require(ann, Demand.on("ecs:CreateCluster", cluster(f))))
        .isInstanceOfSatisfying(
            ApiError.class,
            e -> {
              assertThat(e.code()).isEqualTo("AccessDeniedException");
              assertThat(e.text())
                  .startsWith(
                      "User: arn:aws:iam::"
                          + f.account
                          + ":user/ann is not authorized to perform: ecs:CreateCluster on resource:"
                          + " arn:aws:ecs:us-east-1:"
                          + f.account
                          + ":cluster/shop because no identity-based policy allows the"
                          + " ecs:CreateCluster action (authorization id: ");
              String id = e.text().replaceAll(".*authorization id: (.*)\\)", "$1");
              assertThat(f.iam.explain(id))
                  .get()
                  .asString()
                  .contains("layer: identity-based policy", "\"ecs:CreateCluster\"");
            });
  }

  @Test
  void aChangeOfPolicyHoldsForTheVeryNextRequest() {
    Principal ann = user(f, "ann");
    allow(f, "ann", "{\"Effect\":\"Allow\",\"Action\":\"ecs:*\",\"Resource\":\"*\"}");
    f.require(ann, Demand.on("ecs:CreateCluster", cluster(f)));
    allow(
        f,
        "ann",
        "{\"Effect\":\"Allow\",\"Action\":\"ecs:*\",\"Resource\":\"*\"},"
            + "{\"Sid\":\"no\",\"Effect\":\"Deny\",\"Action\":\"ecs:Create*\",\"Resource\":\"*\"}");
    assertThatThrownBy(() -> f.require(ann, Demand.on("ecs:CreateCluster", cluster(f))))
        .hasMessageContaining("with an explicit deny in an identity-based policy");
    f.call(
        f.administrator(),
        DeleteUserPolicyRequest.builder().userName("ann").policyName("p").build());
    assertThatThrownBy(() -> f.require(ann, Demand.on("ecs:ListClusters")))
        .hasMessageContaining("because no identity-based policy allows");
  }

  @Test
  void groupsGrantTheirMembers() {
    Principal ann = user(f, "ann");
    f.call(f.administrator(), CreateGroupRequest.builder().groupName("g").build());
    f.call(
        f.administrator(),
        PutGroupPolicyRequest.builder()
            .groupName("g")
            .policyName("p")
            .policyDocument(
                "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\","
                    + "\"Action\":\"ecs:ListClusters\",\"Resource\":\"*\"}}")
            .build());
    assertThatThrownBy(() -> f.require(ann, Demand.on("ecs:ListClusters")))
        .isInstanceOf(ApiError.class);
    f.call(
        f.administrator(), AddUserToGroupRequest.builder().groupName("g").userName("ann").build());
    f.require(ann, Demand.on("ecs:ListClusters"));
  }

  @Test
  void conditionsSeeTagsOfPrincipalResourceAndRequest() {
    Principal ann = user(f, "ann", Tag.builder().key("team").value("blue").build());
    allow(
        f,
        "ann",
        "{\"Effect\":\"Allow\",\"Action\":\"ecs:*\",\"Resource\":\"*\",\"Condition\":{"
            + "\"StringEquals\":{\"aws:ResourceTag/Team\":\"${aws:PrincipalTag/TEAM}\","
            + "\"aws:username\":\"ann\",\"aws:RequestTag/x\":\"1\"},"
            + "\"IpAddress\":{\"aws:SourceIp\":\"203.0.113.0/24\"}}}");
    Demand demand = Demand.on("ecs:TagResource", cluster(f)).requestTags(Map.of("x", "1"));
    assertThatThrownBy(() -> f.require(ann, demand)).isInstanceOf(ApiError.class);
    f.state.own(
        tx -> {
          Tags.add(tx, f.account, cluster(f), Map.of("team", "blue"));
          return "";
        });
    f.require(ann, demand);
    assertThatThrownBy(
            () -> f.require(ann, Demand.on("ecs:TagResource", cluster(f)).requestTags(Map.of())))
        .isInstanceOf(ApiError.class);
  }

  /** What STS is asked about is a role, which is IAM's. */
  @Test
  void tagsOfARoleHaveTheNameOfIamInActionsOfSts() {
    Principal ann = user(f, "ann");
    allow(
        f,
        "ann",
        """
        {"Effect":"Allow","Action":"*","Resource":"*"},
        {"Effect":"Deny","Action":"sts:*","Resource":"*",
         "Condition":{"StringEquals":{"iam:ResourceTag/team":"red"}}},
        {"Effect":"Deny","Action":"*","Resource":"*",
         "Condition":{"StringEquals":{"sts:ResourceTag/team":"blue"}}}""");
    Arn blue = Arn.global("iam", f.account, "role/blue");
    Arn red = Arn.global("iam", f.account, "role/red");
    f.state.own(
        tx -> {
          Tags.add(tx, f.account, blue, Map.of("team", "blue"));
          Tags.add(tx, f.account, red, Map.of("team", "red"));
          Tags.add(tx, f.account, cluster(f), Map.of("team", "red"));
          return "";
        });
    for (String action : List.of("sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity")) {
      f.require(ann, Demand.on(action, blue));
      assertThatThrownBy(() -> f.require(ann, Demand.on(action, red)))
          .hasMessageContaining("explicit deny");
    }
    f.require(ann, Demand.on("ecs:UpdateCluster", cluster(f)));
  }

  @Test
  void whatIsMadeHasItsTagsFromTheFirst() {
    Principal ann = user(f, "ann");
    allow(
        f,
        "ann",
        """
        {"Effect":"Allow","Action":"ecs:*","Resource":"*",
         "Condition":{"StringEquals":{"aws:ResourceTag/team":"blue"}}}""");
    Demand create = Demand.on("ecs:CreateCluster", cluster(f));
    f.require(ann, create.made(Map.of("team", "blue")));
    for (Demand other :
        List.of(
            create,
            create.made(Map.of()),
            create.made(Map.of("team", "red")),
            create.requestTags(Map.of("team", "blue")))) {
      assertThatThrownBy(() -> f.require(ann, other)).isInstanceOf(ApiError.class);
    }
    f.state.own(
        tx -> {
          Tags.add(tx, f.account, cluster(f), Map.of("team", "red"));
          return "";
        });
    assertThatThrownBy(() -> f.require(ann, create.made(Map.of("team", "blue"))))
        .isInstanceOf(ApiError.class);
  }

  @Test
  void callerIdentityIsNeverDenied() {
    Principal ann = user(f, "ann");
    allow(f, "ann", "{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}");
    f.call(ann, GetCallerIdentityRequest.builder().build());
    f.call(ann, GetSessionTokenRequest.builder().build());
  }

  @Test
  void aUsersOwnSessionMayNotCallIamWithoutASecondFactor() {
    var out =
        f.call(
            f.administrator(),
            GetSessionTokenRequest.builder().build(),
            GetSessionTokenResponse.class);
    var keys = Objects.requireNonNull(out.credentials());
    Principal session =
        f.principal(
            new Credentials(keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken()));
    f.require(session, Demand.on("ecs:ListClusters"));
    assertThatThrownBy(() -> f.call(session, ListUsersRequest.builder().build()))
        .isInstanceOfSatisfying(
            ApiError.class, e -> assertThat(e.code()).isEqualTo("InvalidClientTokenId"));
    assertThatThrownBy(() -> f.call(session, GetSessionTokenRequest.builder().build()))
        .isInstanceOfSatisfying(
            ApiError.class, e -> assertThat(e.code()).isEqualTo("AccessDenied"));
  }

  @Test
  void nothingOfOneEnvironmentIsReadFromAnother() {
    Principal dev = user(f, "dev", Tag.builder().key("environment").value("dev").build());
    allow(f, "dev", "{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}");
    f.state.own(
        tx -> {
          Tags.add(tx, f.account, parameter(f, "dev"), Map.of("environment", "dev"));
          Tags.add(tx, f.account, parameter(f, "prod"), Map.of("environment", "prod"));
          return "";
        });
    f.require(dev, Demand.on("ssm:GetParameter", parameter(f, "dev")).revealing());
    f.require(dev, Demand.on("ssm:GetParameter", parameter(f, "none")).revealing());
    f.require(f.administrator(), Demand.on("ssm:GetParameter", parameter(f, "prod")).revealing());
    assertThatThrownBy(
            () -> f.require(dev, Demand.on("ssm:GetParameter", parameter(f, "prod")).revealing()))
        .isInstanceOfSatisfying(
            ApiError.class,
            e -> {
              assertThat(e.code()).isEqualTo("AccessDeniedException");
              assertThat(e.text()).contains("`prod`", "`dev`", "environment-leak");
            });
    assertThatThrownBy(
            () ->
                f.require(
                    dev,
                    Demand.on("ssm:AddTagsToResource", parameter(f, "none"))
                        .requestTags(Map.of("environment", "dev"))))
        .hasMessageContaining("may not set, change or remove the tag `environment`");
  }

  @Test
  void noSessionOfARoleIsTaggedOutOfTheRolesEnvironment() {
    Arn role = Arn.global("iam", f.account, "role/dev");
    f.state.own(
        tx -> {
          Tags.add(tx, f.account, role, Map.of("environment", "dev"));
          return "";
        });
    f.require(f.administrator(), assume(role, "dev"));
    assertThatThrownBy(() -> f.require(f.administrator(), assume(role, "prod")))
        .hasMessageContaining("its session may not be tagged with `prod`");
    f.require(f.administrator(), assume(Arn.global("iam", f.account, "role/none"), "prod"));
  }

  private static Demand assume(Arn role, String environment) {
    return Demand.on("sts:AssumeRole", role)
        .requestTags(Map.of("environment", environment))
        .revealing();
  }

  @Test
  void aPrincipalOfAnEnvironmentMakesNoKeysOutsideIt() {
    Principal dev = user(f, "dev", Tag.builder().key("environment").value("dev").build());
    user(f, "peer", Tag.builder().key("environment").value("dev").build());
    allow(f, "dev", "{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}");
    f.call(dev, CreateUserRequest.builder().userName("stray").build());
    assertThatThrownBy(
            () -> f.call(dev, CreateAccessKeyRequest.builder().userName("stray").build()))
        .hasMessageContaining("makes keys only for users of the same environment");
    f.call(dev, CreateAccessKeyRequest.builder().userName("peer").build());
  }

  /**
   * Rights to a path are rights to what is below it: the platform's own question asks no policy.
   */
  @Test
  void whatGuardrailsAloneAreAskedIsJudgedByNoPolicy() {
    Principal dev = user(f, "dev", Tag.builder().key("environment").value("dev").build());
    allow(
        f,
        "dev",
        """
        {"Effect":"Allow","Action":"ssm:*","Resource":"*"},
        {"Effect":"Deny","NotAction":["ssm:*","kms:*"],"Resource":"*"},
        {"Effect":"Deny","Action":"*","Resource":"arn:aws:ssm:*:*:parameter/none"}""");
    f.state.own(
        tx -> {
          Tags.add(tx, f.account, parameter(f, "prod"), Map.of("environment", "prod"));
          return "";
        });
    Call call = f.require(dev, reveal("none"));
    assertThat(call.record().touches(parameter(f, "none").toString())).isTrue();
    assertThatThrownBy(() -> f.require(dev, reveal("prod")))
        .hasMessageContaining("environment-leak");
    assertThatThrownBy(() -> f.require(dev, Demand.on("ssm:GetParameter", parameter(f, "none"))))
        .hasMessageContaining("explicit deny");
  }

  private Demand reveal(String name) {
    return Demand.on("holdfast:RevealParameter", parameter(f, name)).revealing();
  }

  @Test
  void theLeakGuardOnlyTeachesInDev() {
    var taught = new Fixture(Profile.DEV);
    Principal dev = user(taught, "dev", Tag.builder().key("environment").value("dev").build());
    allow(taught, "dev", "{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}");
    taught.state.own(
        tx -> {
          Tags.add(tx, taught.account, parameter(taught, "p"), Map.of("environment", "prod"));
          return "";
        });
    Call call =
        taught.require(dev, Demand.on("ssm:GetParameter", parameter(taught, "p")).revealing());
    assertThat(call.record().notes())
        .singleElement()
        .asString()
        .startsWith("teach environment-leak");
  }
}
