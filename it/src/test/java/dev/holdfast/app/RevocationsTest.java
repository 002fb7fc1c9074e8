// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.app.rules.RevokeDesk;
import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.cloudtrail.CloudTrailModel;
import dev.holdfast.aws.cloudtrail.LookupAttribute;
import dev.holdfast.aws.cloudtrail.LookupEventsRequest;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.aws.ecr.GetAuthorizationTokenRequest;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.ListClustersRequest;
import dev.holdfast.aws.iam.CreateAccessKeyRequest;
import dev.holdfast.aws.iam.CreateRoleRequest;
import dev.holdfast.aws.iam.CreateUserRequest;
import dev.holdfast.aws.iam.DeleteAccessKeyRequest;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.PutRolePolicyRequest;
import dev.holdfast.aws.iam.PutUserPolicyRequest;
import dev.holdfast.aws.iam.UpdateAccessKeyRequest;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.sts.AssumeRoleRequest;
import dev.holdfast.aws.sts.GetSessionTokenRequest;
import dev.holdfast.aws.sts.StsModel;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the operator takes back is refused at the very next request, here and at the registry. */
class RevocationsTest extends RulesScene {
  private static final String ALL =
      """
      {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}\
      """;

  private final Map<String, Holder> holders = new LinkedHashMap<>();

  RevocationsTest() {
    super("us-east-1");
  }

  /** Credentials, and the registry token that was got with them. */
  private record Holder(Credentials credentials, String token) {}

  @BeforeEach
  void open() throws Exception {
    role("one");
    role("two");
    for (String user : List.of("ann", "bob")) {
      Credentials key = user(user);
      hold(user, key);
      hold(user + "'s session", session(key));
      Credentials one = assumed(key, "one", user);
      hold(user + " as one", one);
      hold(user + " as two by one", assumed(one, "two", user));
    }
  }

  private void role(String name) throws Exception {
    String trust =
        """
        {"Version":"2012-10-17","Statement":{"Effect":"Allow",\
        "Principal":{"AWS":"%s"},"Action":"sts:AssumeRole"}}\
        """
            .formatted(account);
    var _ =
        operator()
            .call(
                IamModel.CREATE_ROLE,
                CreateRoleRequest.builder().roleName(name).assumeRolePolicyDocument(trust).build());
    var _ =
        operator()
            .call(
                IamModel.PUT_ROLE_POLICY,
                PutRolePolicyRequest.builder()
                    .roleName(name)
                    .policyName("all")
                    .policyDocument(ALL)
                    .build());
  }

  private Credentials user(String name) throws Exception {
    var _ =
        operator().call(IamModel.CREATE_USER, CreateUserRequest.builder().userName(name).build());
    var _ =
        operator()
            .call(
                IamModel.PUT_USER_POLICY,
                PutUserPolicyRequest.builder()
                    .userName(name)
                    .policyName("all")
                    .policyDocument(ALL)
                    .build());
    var key =
        operator()
            .call(
                IamModel.CREATE_ACCESS_KEY, CreateAccessKeyRequest.builder().userName(name).build())
            .accessKey();
    return new Credentials(key.accessKeyId(), key.secretAccessKey(), null);
  }

  private Credentials session(Credentials key) throws Exception {
    return temporary(
        as(key)
            .call(StsModel.GET_SESSION_TOKEN, GetSessionTokenRequest.builder().build())
            .credentials());
  }

  private Credentials assumed(Credentials by, String role, String name) throws Exception {
    return temporary(
        as(by)
            .call(
                StsModel.ASSUME_ROLE,
                AssumeRoleRequest.builder()
                    .roleArn("arn:aws:iam::" + account + ":role/" + role)
                    .roleSessionName(name)
                    .build())
            .credentials());
  }

  private static Credentials temporary(dev.holdfast.aws.sts.@Nullable Credentials given) {
    var keys = Objects.requireNonNull(given);
    return new Credentials(keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken());
  }

  private void hold(String name, Credentials credentials) throws Exception {
    var token =
        as(credentials)
            .call(EcrModel.GET_AUTHORIZATION_TOKEN, GetAuthorizationTokenRequest.builder().build())
            .authorizationData()
            .getFirst()
            .authorizationToken();
    holders.put(name, new Holder(credentials, String.valueOf(token)));
  }

  private boolean calls(Holder holder) throws Exception {
    try {
      var _ =
          as(holder.credentials())
              .call(EcsModel.LIST_CLUSTERS, ListClustersRequest.builder().build());
      return true;
    } catch (ApiError e) {
      assertThat(e.code())
          .isIn("ExpiredTokenException", "UnrecognizedClientException", "ExpiredToken");
      return false;
    }
  }

  private boolean pulls(Holder holder) throws Exception {
    HttpResponse<Void> answer =
        http.send(
            HttpRequest.newBuilder(URI.create(platform.url() + "/v2/"))
                .header("Authorization", "Basic " + holder.token())
                .build(),
            HttpResponse.BodyHandlers.discarding());
    assertThat(answer.statusCode()).isIn(200, 401);
    return answer.statusCode() == 200;
  }

  /** Whose credentials are refused, by both doors alike. */
  private Set<String> refused() throws Exception {
    var refused = new TreeSet<String>();
    for (Map.Entry<String, Holder> each : holders.entrySet()) {
      boolean calls = calls(each.getValue());
      assertThat(pulls(each.getValue())).as(each.getKey()).isEqualTo(calls);
      if (!calls) {
        refused.add(each.getKey());
      }
    }
    return refused;
  }

  private List<String> revoke(String what) {
    var inactive = new ArrayList<String>();
    JsonObject answer = new RevokeDesk(ground).revoke(what);
    answer.array("inactive").forEach(key -> inactive.add(String.valueOf(key)));
    return inactive;
  }

  private Credentials of(String holder) {
    return Objects.requireNonNull(holders.get(holder)).credentials();
  }

  @Test
  void aUserLosesWhatItsKeysOpened() throws Exception {
    assertThat(refused()).isEmpty();
    assertThat(revoke("ann")).hasSize(1);
    assertThat(refused())
        .containsExactlyInAnyOrder("ann", "ann's session", "ann as one", "ann as two by one");
    var _ =
        operator()
            .call(
                IamModel.UPDATE_ACCESS_KEY,
                UpdateAccessKeyRequest.builder()
                    .userName("ann")
                    .accessKeyId(of("ann").accessKeyId())
                    .status("Active")
                    .build());
    assertThat(refused())
        .containsExactlyInAnyOrder("ann's session", "ann as one", "ann as two by one");
    assertThat(
            operator()
                .call(
                    CloudTrailModel.LOOKUP_EVENTS,
                    LookupEventsRequest.builder()
                        .lookupAttributes(
                            List.of(
                                LookupAttribute.builder()
                                    .attributeKey("EventName")
                                    .attributeValue("RevokeCredentials")
                                    .build()))
                        .build())
                .events())
        .singleElement()
        .satisfies(event -> assertThat(event.cloudTrailEvent()).contains("\"revoked\":\"ann\""));
  }

  @Test
  void aKeyLosesWhatItOpened() throws Exception {
    revoke(of("ann").accessKeyId());
    assertThat(refused())
        .containsExactlyInAnyOrder("ann", "ann's session", "ann as one", "ann as two by one");
  }

  @Test
  void aRoleLosesTheSessionsThatAreOpenAndOpensOthers() throws Exception {
    revoke("role/two");
    assertThat(refused()).containsExactlyInAnyOrder("ann as two by one", "bob as two by one");
    ahead.set(Duration.ofSeconds(2));
    hold("again", assumed(of("ann as one"), "two", "ann"));
    assertThat(refused()).containsExactlyInAnyOrder("ann as two by one", "bob as two by one");
  }

  @Test
  void aSessionIsNamedByItsArnOrItsKey() throws Exception {
    revoke("arn:aws:sts::" + account + ":assumed-role/one/ann");
    assertThat(refused()).containsExactly("ann as one");
    revoke(of("bob as two by one").accessKeyId());
    assertThat(refused()).containsExactlyInAnyOrder("ann as one", "bob as two by one");
    revoke(of("bob's session").accessKeyId());
    assertThat(refused())
        .containsExactlyInAnyOrder("ann as one", "bob as two by one", "bob's session");
  }

  @Test
  void aKeyThatWasDeletedFirstStillLosesWhatItOpened() throws Exception {
    String key = of("ann").accessKeyId();
    var _ =
        operator()
            .call(
                IamModel.DELETE_ACCESS_KEY,
                DeleteAccessKeyRequest.builder().userName("ann").accessKeyId(key).build());
    assertThat(refused()).containsExactlyInAnyOrder("ann", "ann's session");
    assertThat(revoke(key)).isEmpty();
    assertThat(refused())
        .containsExactlyInAnyOrder("ann", "ann's session", "ann as one", "ann as two by one");
  }

  @Test
  void whatIsNotThereIsSaid() {
    for (String nothing :
        List.of(
            "nobody",
            "role/ann",
            "user/one",
            "arn:aws:iam::" + account + ":user/nobody",
            "arn:aws:sts::" + account + ":assumed-role/none/x",
            "arn:aws:sts::" + account + ":assumed-role/one",
            "arn:aws:ecs:us-east-1:" + account + ":cluster/x",
            "")) {
      assertThatThrownBy(() -> revoke(nothing))
          .as(nothing)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
