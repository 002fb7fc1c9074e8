// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.iam.CreateAccessKeyRequest;
import dev.holdfast.aws.iam.CreateAccessKeyResponse;
import dev.holdfast.aws.iam.CreateUserRequest;
import dev.holdfast.aws.iam.DeleteAccessKeyRequest;
import dev.holdfast.aws.iam.DeleteUserPolicyRequest;
import dev.holdfast.aws.iam.DeleteUserRequest;
import dev.holdfast.aws.iam.ListUsersRequest;
import dev.holdfast.aws.iam.PutUserPolicyRequest;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.sigv4.SignatureFault;
import dev.holdfast.aws.sts.AssumeRoleRequest;
import dev.holdfast.aws.sts.DecodeAuthorizationMessageRequest;
import dev.holdfast.aws.sts.GetAccessKeyInfoRequest;
import dev.holdfast.aws.sts.GetCallerIdentityRequest;
import dev.holdfast.aws.sts.GetCallerIdentityResponse;
import dev.holdfast.aws.sts.GetFederationTokenRequest;
import dev.holdfast.aws.sts.GetFederationTokenResponse;
import dev.holdfast.aws.sts.GetSessionTokenRequest;
import dev.holdfast.aws.sts.GetSessionTokenResponse;
import dev.holdfast.aws.sts.PolicyDescriptorType;
import dev.holdfast.aws.sts.Tag;
import dev.holdfast.kit.Arn;
import dev.holdfast.policy.Gate;
import dev.holdfast.policy.NamedPolicy;
import dev.holdfast.policy.PolicyDocument;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions that a user opens for somebody whom it names. */
class FederatedUserTest {
  private final Fixture f = new Fixture();
  private Credentials broker = new Credentials("", "", null);

  private static String allow(String actions) {
    return "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":["
        + actions
        + "],\"Resource\":\"*\"}}";
  }

  @BeforeEach
  void makeBroker() {
    broker = user("broker");
    policy("broker", allow("\"sts:*\",\"ecs:ListClusters\",\"ecs:ListServices\",\"iam:*\""));
  }

  private Credentials user(String name) {
    f.call(f.administrator(), CreateUserRequest.builder().userName(name).build());
    var key =
        f.call(
                f.administrator(),
                CreateAccessKeyRequest.builder().userName(name).build(),
                CreateAccessKeyResponse.class)
            .accessKey();
    return new Credentials(key.accessKeyId(), key.secretAccessKey(), null);
  }

  private void policy(String user, String document) {
    f.call(
        f.administrator(),
        PutUserPolicyRequest.builder()
            .userName(user)
            .policyName("p")
            .policyDocument(document)
            .build());
  }

  private static GetFederationTokenRequest request() {
    return GetFederationTokenRequest.builder()
        .name("guest")
        .policy(allow("\"ecs:ListClusters\",\"ecs:StopTask\",\"iam:*\",\"sts:*\""))
        .build();
  }

  private Credentials open(GetFederationTokenRequest request) {
    var keys =
        Objects.requireNonNull(
            f.call(f.principal(broker), request, GetFederationTokenResponse.class).credentials());
    return new Credentials(keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken());
  }

  private static void refused(String code, String text, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ApiError.class,
            e -> {
              assertThat(e.code()).as(e.text()).isEqualTo(code);
              assertThat(e.text()).contains(text);
            });
  }

  @Test
  void hasANameOfItsOwn() {
    var out = f.call(f.principal(broker), request(), GetFederationTokenResponse.class);
    var user = Objects.requireNonNull(out.federatedUser());
    assertThat(user.arn()).isEqualTo("arn:aws:sts::" + f.account + ":federated-user/guest");
    assertThat(user.federatedUserId()).isEqualTo(f.account + ":guest");
    Principal guest = f.principal(open(request()));
    var who =
        f.call(guest, GetCallerIdentityRequest.builder().build(), GetCallerIdentityResponse.class);
    assertThat(who.arn()).isEqualTo(user.arn());
    assertThat(who.userId()).isEqualTo(user.federatedUserId());
  }

  @Test
  void mayDoWhatBothItsUserAndItsPoliciesAllow() {
    Principal guest = f.principal(open(request()));
    f.require(guest, Demand.on("ecs:ListClusters"));
    refused(
        "AccessDenied".concat("Exception"),
        "no session policy allows",
        () -> f.require(guest, Demand.on("ecs:ListServices")));
    refused(
        "AccessDeniedException",
        "no identity-based policy allows",
        () -> f.require(guest, Demand.on("ecs:StopTask")));
    policy("broker", allow("\"sts:*\""));
    assertThatThrownBy(() -> f.require(guest, Demand.on("ecs:ListClusters")))
        .isInstanceOf(ApiError.class);
  }

  @Test
  void withoutAPolicyItMayDoNothingButWhatResourcesSay() {
    Principal guest = f.principal(open(request().toBuilder().policy(null).build()));
    refused(
        "AccessDeniedException",
        "no session policy allows",
        () -> f.require(guest, Demand.on("ecs:ListClusters")));
    Arn secret = Arn.of("secretsmanager", dev.holdfast.kit.Region.GLOBAL, f.account, "secret:a");
    Demand reads = Demand.on("secretsmanager:GetSecretValue", secret);
    f.require(guest, reads.judgedBy(naming("guest"), Gate.NONE));
    assertThatThrownBy(() -> f.require(guest, reads.judgedBy(naming("other"), Gate.NONE)))
        .isInstanceOf(ApiError.class);
  }

  private NamedPolicy naming(String name) {
    return new NamedPolicy(
        "secret",
        PolicyDocument.parse(
            "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":"
                + "\"arn:aws:sts::"
                + f.account
                + ":federated-user/"
                + name
                + "\"},\"Action\":\"secretsmanager:GetSecretValue\",\"Resource\":\"*\"}}",
            PolicyDocument.Kind.RESOURCE));
  }

  @Test
  void callsNothingOfIamAndOfStsItsIdentityAlone() {
    Principal guest = f.principal(open(request()));
    refused(
        "InvalidClientTokenId",
        "The security token included in the request is invalid",
        () -> f.call(guest, ListUsersRequest.builder().build()));
    refused(
        "AccessDenied",
        "Cannot call AssumeRole with session credentials",
        () ->
            f.call(
                guest,
                AssumeRoleRequest.builder()
                    .roleArn("arn:aws:iam::" + f.account + ":role/any")
                    .roleSessionName("run")
                    .build()));
    refused("AccessDenied", "Cannot call GetFederationToken", () -> f.call(guest, request()));
    refused(
        "AccessDenied",
        "Cannot call GetSessionToken",
        () -> f.call(guest, GetSessionTokenRequest.builder().build()));
    refused(
        "AccessDenied",
        "Cannot call GetAccessKeyInfo",
        () ->
            f.call(
                guest,
                GetAccessKeyInfoRequest.builder().accessKeyId(broker.accessKeyId()).build()));
    refused(
        "AccessDenied",
        "Cannot call DecodeAuthorizationMessage",
        () ->
            f.call(guest, DecodeAuthorizationMessageRequest.builder().encodedMessage("x").build()));
  }

  @Test
  void isOpenedByLongTermKeysAlone() {
    var session =
        Objects.requireNonNull(
            f.call(
                    f.principal(broker),
                    GetSessionTokenRequest.builder().build(),
                    GetSessionTokenResponse.class)
                .credentials());
    Principal temporary =
        f.principal(
            new Credentials(
                session.accessKeyId(), session.secretAccessKey(), session.sessionToken()));
    refused(
        "AccessDenied",
        "Cannot call GetFederationToken with session credentials",
        () -> f.call(temporary, request()));
    policy("broker", allow("\"ecs:*\""));
    refused(
        "AccessDenied",
        "is not authorized to perform: sts:GetFederationToken on resource: arn:aws:sts::"
            + f.account
            + ":federated-user/guest",
        () -> f.call(f.principal(broker), request()));
  }

  @Test
  void endsAfterTwelveHoursOrWhenItIsTold() {
    Credentials half = open(request());
    Credentials day = open(request().toBuilder().durationSeconds(129_600).build());
    f.pass(Duration.ofHours(12).minusSeconds(1));
    f.principal(half);
    f.pass(Duration.ofSeconds(1));
    assertThatThrownBy(() -> f.principal(half)).isInstanceOf(SignatureFault.class);
    f.pass(Duration.ofHours(24).minusSeconds(1));
    f.principal(day);
    f.pass(Duration.ofSeconds(1));
    assertThatThrownBy(() -> f.principal(day)).isInstanceOf(SignatureFault.class);
  }

  @Test
  void endsWithItsUserWhoeverHasTheNameNext() {
    Credentials guest = open(request());
    f.principal(guest);
    f.call(
        f.administrator(),
        DeleteUserPolicyRequest.builder().userName("broker").policyName("p").build());
    f.call(
        f.administrator(),
        DeleteAccessKeyRequest.builder()
            .userName("broker")
            .accessKeyId(broker.accessKeyId())
            .build());
    f.call(f.administrator(), DeleteUserRequest.builder().userName("broker").build());
    broker = user("broker");
    policy("broker", allow("\"*\""));
    assertThatThrownBy(() -> f.principal(guest)).isInstanceOf(SignatureFault.class);
  }

  @Test
  void tagsAreJudgedAndAreTheSessions() {
    var tagged =
        request().toBuilder()
            .tags(List.of(Tag.builder().key("team").value("blue").build()))
            .build();
    assertThat(f.principal(open(tagged)).tags()).containsEntry("team", "blue");
    policy("broker", allow("\"sts:GetFederationToken\""));
    refused("AccessDenied", "sts:TagSession", () -> open(tagged));
    open(request());
  }

  @Test
  void policiesAreBounded() {
    refused("MalformedPolicyDocument", "", () -> open(request().toBuilder().policy("{}").build()));
    refused(
        "ValidationError",
        "does not exist or is not attachable",
        () ->
            open(
                request().toBuilder()
                    .policyArns(
                        List.of(
                            PolicyDescriptorType.builder()
                                .arn("arn:aws:iam::" + f.account + ":policy/absent")
                                .build()))
                    .build()));
  }
}
