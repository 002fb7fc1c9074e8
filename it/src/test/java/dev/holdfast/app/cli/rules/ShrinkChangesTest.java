// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.app.TestPlatform;
import dev.holdfast.app.cli.CliFailure;
import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.client.AwsClient;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.ListClustersRequest;
import dev.holdfast.aws.iam.AttachRolePolicyRequest;
import dev.holdfast.aws.iam.AttachedPolicy;
import dev.holdfast.aws.iam.CreatePolicyRequest;
import dev.holdfast.aws.iam.CreatePolicyVersionRequest;
import dev.holdfast.aws.iam.CreateRoleRequest;
import dev.holdfast.aws.iam.DeleteRolePolicyRequest;
import dev.holdfast.aws.iam.GetPolicyRequest;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListAttachedRolePoliciesRequest;
import dev.holdfast.aws.iam.ListPolicyVersionsRequest;
import dev.holdfast.aws.iam.ListRolePoliciesRequest;
import dev.holdfast.aws.iam.ListUsersRequest;
import dev.holdfast.aws.iam.PolicyVersion;
import dev.holdfast.aws.iam.PutRolePolicyRequest;
import dev.holdfast.aws.iam.SetDefaultPolicyVersionRequest;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.sts.AssumeRoleRequest;
import dev.holdfast.aws.sts.StsModel;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code iam shrink --apply} puts a proposal in force, and what it prints leads back. */
class ShrinkChangesTest {
  private static final String CLERK = "clerk";
  private static final String WIDE =
      """
      {"Version":"2012-10-17","Statement":[\
      {"Effect":"Allow","Action":"ecs:*","Resource":"*"},\
      {"Effect":"Allow","Action":"iam:*","Resource":"*"}]}\
      """;
  private static final String OTHER =
      "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"iam:*\",\"Resource\":\"*\"}}";

  @TempDir Path dir;

  private final StringWriter said = new StringWriter();
  private TestPlatform platform;
  private HttpClient http;
  private AwsClient operator;

  @BeforeEach
  void open() throws IOException {
    platform = TestPlatform.start();
    http = HttpClient.newHttpClient();
    operator = as(platform.operator());
  }

  @AfterEach
  void close() throws IOException {
    http.close();
    platform.close();
  }

  private AwsClient as(Credentials credentials) {
    return new AwsClient(
        http, platform.url(), "eu-west-1", () -> credentials, InstantSource.system());
  }

  /** Makes a role; returns its ARN. */
  private String role(String name) throws Exception {
    String trust =
        """
        {"Version":"2012-10-17","Statement":{"Effect":"Allow",\
        "Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}}\
        """;
    var made =
        operator
            .call(
                IamModel.CREATE_ROLE,
                CreateRoleRequest.builder().roleName(name).assumeRolePolicyDocument(trust).build())
            .role();
    return String.valueOf(Objects.requireNonNull(made).arn());
  }

  private AwsClient assumed(String arn) throws Exception {
    var session =
        Objects.requireNonNull(
            operator
                .call(
                    StsModel.ASSUME_ROLE,
                    AssumeRoleRequest.builder().roleArn(arn).roleSessionName("work").build())
                .credentials());
    return as(
        new Credentials(
            String.valueOf(session.accessKeyId()),
            String.valueOf(session.secretAccessKey()),
            session.sessionToken()));
  }

  private String policy(String name) throws Exception {
    var made =
        operator
            .call(
                IamModel.CREATE_POLICY,
                CreatePolicyRequest.builder().policyName(name).policyDocument(WIDE).build())
            .policy();
    return String.valueOf(Objects.requireNonNull(made).arn());
  }

  private void attach(String role, String arn) throws Exception {
    var _ =
        operator.call(
            IamModel.ATTACH_ROLE_POLICY,
            AttachRolePolicyRequest.builder().roleName(role).policyArn(arn).build());
  }

  private void version(String arn, String document) throws Exception {
    var _ =
        operator.call(
            IamModel.CREATE_POLICY_VERSION,
            CreatePolicyVersionRequest.builder()
                .policyArn(arn)
                .policyDocument(document)
                .setAsDefault(true)
                .build());
  }

  private void inline(String name, String document) throws Exception {
    var _ =
        operator.call(
            IamModel.PUT_ROLE_POLICY,
            PutRolePolicyRequest.builder()
                .roleName(CLERK)
                .policyName(name)
                .policyDocument(document)
                .build());
  }

  /** The role does its work, and a proposal is made of it. */
  private List<JsonObject> proposed(AwsClient clerk) throws Exception {
    list(clerk);
    long end = System.nanoTime() + 60_000_000_000L;
    JsonObject answer = platform.shrink(CLERK, 1);
    while (!Long.valueOf(1).equals(answer.integer("calls"))) {
      assertThat(System.nanoTime()).as("%s", answer).isLessThan(end);
      LockSupport.parkNanos(20_000_000);
      answer = platform.shrink(CLERK, 1);
    }
    return Said.objects(answer, "policies");
  }

  private static void list(AwsClient clerk) throws Exception {
    var _ = clerk.call(EcsModel.LIST_CLUSTERS, ListClustersRequest.builder().build());
  }

  private static void people(AwsClient clerk) throws Exception {
    var _ = clerk.call(IamModel.LIST_USERS, ListUsersRequest.builder().build());
  }

  private static void assertNarrow(AwsClient clerk) throws Exception {
    list(clerk);
    assertThatThrownBy(() -> people(clerk))
        .isInstanceOfSatisfying(
            ApiError.class, e -> assertThat(e.code()).isEqualTo("AccessDenied"));
  }

  private void apply(List<JsonObject> policies, PrintWriter out) throws Exception {
    try (var changes = new ShrinkChanges(HttpClient.newHttpClient(), operator, CLERK, dir)) {
      changes.apply(policies, out);
    }
  }

  private void apply(List<JsonObject> policies) throws Exception {
    apply(policies, new PrintWriter(said));
  }

  private List<String> commands() {
    return said.toString()
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("to go back: aws iam "))
        .map(line -> line.substring("to go back: aws iam ".length()))
        .toList();
  }

  /** Types the commands that were printed. */
  private void back() throws Exception {
    assertThat(commands()).isNotEmpty();
    for (String command : commands()) {
      String[] words = command.replace("'", "").split(" ", -1);
      Map<String, String> options = new HashMap<>();
      for (int i = 1; i < words.length; i += 2) {
        options.put(words[i], words[i + 1]);
      }
      String name = String.valueOf(options.get("--policy-name"));
      String arn = String.valueOf(options.get("--policy-arn"));
      switch (words[0]) {
        case "set-default-policy-version" -> {
          var _ =
              operator.call(
                  IamModel.SET_DEFAULT_POLICY_VERSION,
                  SetDefaultPolicyVersionRequest.builder()
                      .policyArn(arn)
                      .versionId(String.valueOf(options.get("--version-id")))
                      .build());
        }
        case "attach-role-policy" -> attach(String.valueOf(options.get("--role-name")), arn);
        case "delete-role-policy" -> {
          var _ =
              operator.call(
                  IamModel.DELETE_ROLE_POLICY,
                  DeleteRolePolicyRequest.builder()
                      .roleName(String.valueOf(options.get("--role-name")))
                      .policyName(name)
                      .build());
        }
        case "put-role-policy" -> {
          String file = String.valueOf(options.get("--policy-document"));
          inline(name, Files.readString(Path.of(file.substring("file://".length()))));
        }
        default -> throw new AssertionError(command);
      }
    }
  }

  private List<String> inlineNames() throws Exception {
    return Objects.requireNonNull(
        operator
            .call(
                IamModel.LIST_ROLE_POLICIES,
                ListRolePoliciesRequest.builder().roleName(CLERK).build())
            .policyNames());
  }

  private List<String> attached() throws Exception {
    List<AttachedPolicy> all =
        operator
            .call(
                IamModel.LIST_ATTACHED_ROLE_POLICIES,
                ListAttachedRolePoliciesRequest.builder().roleName(CLERK).build())
            .attachedPolicies();
    return Objects.requireNonNull(all).stream().map(p -> String.valueOf(p.policyArn())).toList();
  }

  private List<String> versions(String arn) throws Exception {
    List<PolicyVersion> all =
        operator
            .call(
                IamModel.LIST_POLICY_VERSIONS,
                ListPolicyVersionsRequest.builder().policyArn(arn).build())
            .versions();
    return Objects.requireNonNull(all).stream().map(v -> String.valueOf(v.versionId())).toList();
  }

  private String inForce(String arn) throws Exception {
    var found =
        operator
            .call(IamModel.GET_POLICY, GetPolicyRequest.builder().policyArn(arn).build())
            .policy();
    return String.valueOf(Objects.requireNonNull(found).defaultVersionId());
  }

  @Test
  void aPolicyOfTheRoleAloneGetsAVersionAndTheOldOneStays() throws Exception {
    AwsClient clerk = assumed(role(CLERK));
    String arn = policy("work");
    attach(CLERK, arn);
    apply(proposed(clerk));
    assertThat(inForce(arn)).isEqualTo("v2");
    assertThat(versions(arn)).containsExactlyInAnyOrder("v1", "v2");
    assertNarrow(clerk);
    back();
    assertThat(inForce(arn)).isEqualTo("v1");
    people(clerk);
  }

  @Test
  void fromAPolicyOfOthersTheRoleIsMovedToAnInlineOneWhoseNameFits() throws Exception {
    AwsClient clerk = assumed(role(CLERK));
    String arn = policy("w".repeat(128));
    attach(CLERK, arn);
    var _ = role("other");
    attach("other", arn);
    apply(proposed(clerk));
    assertThat(inForce(arn)).isEqualTo("v1");
    assertThat(attached()).isEmpty();
    assertThat(inlineNames()).containsExactly("w".repeat(122) + "-least");
    assertNarrow(clerk);
    back();
    assertThat(attached()).containsExactly(arn);
    assertThat(inlineNames()).isEmpty();
    people(clerk);
  }

  @Test
  void anInlinePolicyIsKeptInAFile() throws Exception {
    AwsClient clerk = assumed(role(CLERK));
    inline("wide", WIDE);
    apply(proposed(clerk));
    assertNarrow(clerk);
    back();
    people(clerk);
  }

  @Test
  void whatWasChangedMeanwhileIsLeftAsItIs() throws Exception {
    AwsClient clerk = assumed(role(CLERK));
    String arn = policy("work");
    attach(CLERK, arn);
    List<JsonObject> early = proposed(clerk);
    var _ = role("other");
    attach("other", arn);
    assertThatThrownBy(() -> apply(early))
        .as("others use it by now")
        .isInstanceOf(CliFailure.class)
        .hasMessageContaining("the policy work was changed");
    assertThat(inForce(arn)).isEqualTo("v1");

    List<JsonObject> later = Said.objects(platform.shrink(CLERK, 1), "policies");
    version(arn, OTHER);
    assertThatThrownBy(() -> apply(later)).hasMessageContaining("the policy work was changed");
    assertThat(inForce(arn)).isEqualTo("v2");
    assertThat(attached()).containsExactly(arn);
    assertThat(inlineNames()).isEmpty();
    assertThat(said.toString()).isEmpty();
  }

  @Test
  void whatFailsHalfwaySaysHowToGoBackFromThere() throws Exception {
    AwsClient clerk = assumed(role(CLERK));
    inline("a", WIDE);
    inline("b", WIDE);
    List<JsonObject> policies = proposed(clerk);
    var out =
        new PrintWriter(said) {
          @Override
          public void println(String line) {
            super.println(line);
            if (line.startsWith("done:")) {
              try {
                inline("b", OTHER);
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            }
          }
        };
    assertThatThrownBy(() -> apply(policies, out))
        .isInstanceOf(CliFailure.class)
        .hasMessageContaining("the policy b was changed");
    assertThat(inlineNames()).containsExactlyInAnyOrder("a", "b");
    people(clerk);
    assertThat(commands()).hasSize(1);
    back();
    inline("b", WIDE);
    assertThat(Said.objects(platform.shrink(CLERK, 1), "policies"))
        .extracting(policy -> policy.string("now"))
        .containsOnly(WIDE);
  }
}
