// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.Shape;
import dev.holdfast.aws.iam.AddUserToGroupRequest;
import dev.holdfast.aws.iam.AttachGroupPolicyRequest;
import dev.holdfast.aws.iam.AttachRolePolicyRequest;
import dev.holdfast.aws.iam.CreateAccessKeyRequest;
import dev.holdfast.aws.iam.CreateAccessKeyResponse;
import dev.holdfast.aws.iam.CreateGroupRequest;
import dev.holdfast.aws.iam.CreateLoginProfileRequest;
import dev.holdfast.aws.iam.CreatePolicyRequest;
import dev.holdfast.aws.iam.CreatePolicyResponse;
import dev.holdfast.aws.iam.CreateRoleRequest;
import dev.holdfast.aws.iam.CreateUserRequest;
import dev.holdfast.aws.iam.DeleteUserPolicyRequest;
import dev.holdfast.aws.iam.DeleteUserRequest;
import dev.holdfast.aws.iam.GenerateCredentialReportResponse;
import dev.holdfast.aws.iam.GenerateServiceLastAccessedDetailsRequest;
import dev.holdfast.aws.iam.GenerateServiceLastAccessedDetailsResponse;
import dev.holdfast.aws.iam.GetCredentialReportResponse;
import dev.holdfast.aws.iam.GetServiceLastAccessedDetailsRequest;
import dev.holdfast.aws.iam.GetServiceLastAccessedDetailsResponse;
import dev.holdfast.aws.iam.GetServiceLastAccessedDetailsWithEntitiesRequest;
import dev.holdfast.aws.iam.GetServiceLastAccessedDetailsWithEntitiesResponse;
import dev.holdfast.aws.iam.ListPoliciesGrantingServiceAccessRequest;
import dev.holdfast.aws.iam.ListPoliciesGrantingServiceAccessResponse;
import dev.holdfast.aws.iam.ListUsersRequest;
import dev.holdfast.aws.iam.PolicyGrantingServiceAccess;
import dev.holdfast.aws.iam.PutUserPolicyRequest;
import dev.holdfast.aws.iam.ServiceLastAccessed;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.service.Principal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What is told of credentials, and of what permissions were used for. */
class ReportsTest {
  private static final String READER =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:List*","ecs:RunTask"],\
      "Resource":"*"}]}\
      """;

  private final Fixture f = new Fixture();

  private <O extends Shape> O admin(Shape input, Class<O> output) {
    return f.call(f.administrator(), input, output);
  }

  private void admin(Shape input) {
    Shape _ = f.call(f.administrator(), input);
  }

  private static void refused(String code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(ApiError.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private Credentials user(String name) {
    admin(CreateUserRequest.builder().userName(name).build());
    var key =
        Objects.requireNonNull(
            admin(
                    CreateAccessKeyRequest.builder().userName(name).build(),
                    CreateAccessKeyResponse.class)
                .accessKey());
    return new Credentials(
        String.valueOf(key.accessKeyId()), String.valueOf(key.secretAccessKey()), null);
  }

  private void allow(String user) {
    admin(
        PutUserPolicyRequest.builder()
            .userName(user)
            .policyName("reads")
            .policyDocument(READER)
            .build());
  }

  private String arn(String rest) {
    return "arn:aws:iam::" + f.account + ":" + rest;
  }

  private List<String> report() {
    var report = f.named("GetCredentialReport", GetCredentialReportResponse.class);
    assertThat(report.reportFormat()).isEqualTo("text/csv");
    byte[] content = Objects.requireNonNull(report.content());
    return new String(content, StandardCharsets.UTF_8).lines().toList();
  }

  private String generate() {
    var answer = f.named("GenerateCredentialReport", GenerateCredentialReportResponse.class);
    return String.valueOf(answer.state());
  }

  @Test
  void aReportIsAskedForBeforeItIsFetched() {
    refused("ReportNotPresent", this::report);
    assertThat(generate()).isEqualTo("STARTED");
    assertThat(generate()).isEqualTo("COMPLETE");
    assertThat(report()).hasSize(3);
  }

  @Test
  void aReportTellsOfRootAndOfEachUser() {
    user("ann");
    f.principal(f.administratorKey);
    f.iam.keepLastUses(f.now);
    generate();
    List<String> lines = report();
    assertThat(lines.getFirst().split(",")).hasSize(22).startsWith("user", "arn");
    assertThat(lines.get(1))
        .startsWith("<root_account>," + arn("root") + ",2026-11-25T12:00:00+00:00,false,N/A");
    assertThat(lines)
        .anySatisfy(
            line ->
                assertThat(line)
                    .isEqualTo(
                        "administrator,%s,2026-11-25T12:00:00+00:00,false,N/A,N/A,N/A,false,true,2026-11-25T12:00:00+00:00,2026-11-25T12:00:00+00:00,us-east-1,sts,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A"
                            .formatted(arn("user/administrator"))))
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("ann,")
                    .contains("true,2026-11-25T12:00:00+00:00,N/A,N/A,N/A,false"));
  }

  @Test
  void aReportTellsOfAPassword() {
    user("ann");
    admin(
        CreateLoginProfileRequest.builder()
            .userName("ann")
            .password("correct horse 9 Battery!")
            .build());
    generate();
    assertThat(report())
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("ann,")
                    .contains(
                        ",true,no_information,2026-11-25T12:00:00+00:00,N/A,false,true,"
                            + "2026-11-25T12:00:00+00:00"));
  }

  @Test
  void aReportIsGoodForFourHours() {
    generate();
    user("ann");
    f.pass(Duration.ofHours(4).minusSeconds(1));
    assertThat(generate()).isEqualTo("COMPLETE");
    assertThat(report()).hasSize(3);
    f.pass(Duration.ofSeconds(1));
    refused("ReportExpired", this::report);
    assertThat(generate()).isEqualTo("STARTED");
    assertThat(report()).hasSize(4);
  }

  private String ask(String arn, String granularity) {
    return String.valueOf(
        admin(
                GenerateServiceLastAccessedDetailsRequest.builder()
                    .arn(arn)
                    .granularity(granularity)
                    .build(),
                GenerateServiceLastAccessedDetailsResponse.class)
            .jobId());
  }

  private GetServiceLastAccessedDetailsResponse fetch(String job) {
    return admin(
        GetServiceLastAccessedDetailsRequest.builder().jobId(job).build(),
        GetServiceLastAccessedDetailsResponse.class);
  }

  private static ServiceLastAccessed of(GetServiceLastAccessedDetailsResponse all, String name) {
    return all.servicesLastAccessed().stream()
        .filter(s -> name.equals(s.serviceNamespace()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatIsAllowedIsListedWithItsUse() {
    Credentials ann = user("ann");
    allow("ann");
    String job = ask(arn("user/ann"), "SERVICE_LEVEL");
    var before = fetch(job);
    assertThat(before.jobStatus()).isEqualTo("COMPLETED");
    assertThat(before.servicesLastAccessed())
        .extracting(ServiceLastAccessed::serviceNamespace)
        .containsExactly("ecs", "iam");
    assertThat(of(before, "iam").lastAuthenticated()).isNull();
    assertThat(of(before, "iam").totalAuthenticatedEntities()).isZero();

    f.pass(Duration.ofMinutes(5));
    Shape _ = f.call(f.principal(ann), ListUsersRequest.builder().build());
    for (boolean kept : List.of(false, true)) {
      if (kept) {
        f.iam.keepLastUses(f.now);
      }
      var after = of(fetch(job), "iam");
      assertThat(after.lastAuthenticated()).isEqualTo(f.now);
      assertThat(after.lastAuthenticatedEntity()).isEqualTo(arn("user/ann"));
      assertThat(after.totalAuthenticatedEntities()).isEqualTo(1);
      assertThat(after.trackedActionsLastAccessed()).isEmpty();
    }
  }

  /** What is judged is what is told of: an ARN with another path, region or partition is nobody. */
  @Test
  void asksAboutTheArnThatWasJudgedAlone() {
    admin(CreateUserRequest.builder().userName("ann").path("/dev/").build());
    String arn = arn("user/dev/ann");
    for (String odd : List.of(arn.replace("/dev", ""), arn.replace("/dev/", "/prod/"))) {
      refused("NoSuchEntity", () -> ask(odd, "SERVICE_LEVEL"));
      refused("NoSuchEntity", () -> admin(granting(odd)));
    }
    for (String odd :
        List.of(arn.replace("iam::", "iam:us-east-1:"), arn.replace("arn:aws:", "arn:aws-cn:"))) {
      refused("InvalidInput", () -> ask(odd, "SERVICE_LEVEL"));
      refused("InvalidInput", () -> admin(granting(odd)));
    }
    assertThat(fetch(ask(arn, "SERVICE_LEVEL")).jobStatus()).isEqualTo("COMPLETED");
    admin(granting(arn));
  }

  private static Shape granting(String arn) {
    return ListPoliciesGrantingServiceAccessRequest.builder()
        .arn(arn)
        .serviceNamespaces(List.of("ecs"))
        .build();
  }

  @Test
  void anAttemptThatIsDeniedIsAUse() {
    Principal ann = f.principal(user("ann"));
    refused("AccessDenied", () -> f.call(ann, ListUsersRequest.builder().build()));
    allow("ann");
    assertThat(of(fetch(ask(arn("user/ann"), "SERVICE_LEVEL")), "iam").lastAuthenticated())
        .isEqualTo(f.now);
  }

  @Test
  void actionsAreToldWhereTheyAreAskedFor() {
    Principal ann = f.principal(user("ann"));
    allow("ann");
    Shape _ = f.call(ann, ListUsersRequest.builder().build());
    var service = of(fetch(ask(arn("user/ann"), "ACTION_LEVEL")), "iam");
    assertThat(service.trackedActionsLastAccessed())
        .anySatisfy(
            action -> {
              assertThat(action.actionName()).isEqualTo("ListUsers");
              assertThat(action.lastAccessedTime()).isEqualTo(f.now);
              assertThat(action.lastAccessedEntity()).isEqualTo(arn("user/ann"));
            })
        .anySatisfy(
            action -> {
              assertThat(action.actionName()).isEqualTo("ListRoles");
              assertThat(action.lastAccessedTime()).isNull();
            })
        .noneSatisfy(action -> assertThat(action.actionName()).isEqualTo("CreateUser"));
  }

  @Test
  void aPolicyIsUsedByWhomeverItIsAttachedTo() {
    Principal ann = f.principal(user("ann"));
    user("ben");
    admin(CreateGroupRequest.builder().groupName("crew").build());
    admin(AddUserToGroupRequest.builder().groupName("crew").userName("ann").build());
    admin(AddUserToGroupRequest.builder().groupName("crew").userName("ben").build());
    String policy =
        String.valueOf(
            Objects.requireNonNull(
                    admin(
                            CreatePolicyRequest.builder()
                                .policyName("reads")
                                .policyDocument(READER)
                                .build(),
                            CreatePolicyResponse.class)
                        .policy())
                .arn());
    admin(AttachGroupPolicyRequest.builder().groupName("crew").policyArn(policy).build());
    Shape _ = f.call(ann, ListUsersRequest.builder().build());
    for (String of : List.of(policy, arn("group/crew"))) {
      String job = ask(of, "SERVICE_LEVEL");
      assertThat(of(fetch(job), "iam").totalAuthenticatedEntities()).isEqualTo(1);
      var entities =
          admin(
              GetServiceLastAccessedDetailsWithEntitiesRequest.builder()
                  .jobId(job)
                  .serviceNamespace("iam")
                  .build(),
              GetServiceLastAccessedDetailsWithEntitiesResponse.class);
      assertThat(entities.entityDetailsList())
          .extracting(e -> e.entityInfo().name())
          .containsExactly("ann", "ben");
      assertThat(entities.entityDetailsList().getFirst().lastAuthenticated()).isEqualTo(f.now);
      assertThat(entities.entityDetailsList().getLast().lastAuthenticated()).isNull();
    }
  }

  @Test
  void anotherUserOfTheSameNameIsNotToldOfTheFirst() {
    Principal ann = f.principal(user("ann"));
    allow("ann");
    Shape _ = f.call(ann, ListUsersRequest.builder().build());
    f.iam.keepLastUses(f.now);
    String job = ask(arn("user/ann"), "SERVICE_LEVEL");
    admin(DeleteUserPolicyRequest.builder().userName("ann").policyName("reads").build());
    admin(
        dev.holdfast.aws.iam.DeleteAccessKeyRequest.builder()
            .userName("ann")
            .accessKeyId(ann.accessKeyId())
            .build());
    admin(DeleteUserRequest.builder().userName("ann").build());
    user("ann");
    allow("ann");
    var former = fetch(job);
    assertThat(former.jobStatus()).isEqualTo("FAILED");
    assertThat(Objects.requireNonNull(former.error()).code()).isEqualTo("NoSuchEntity");
    assertThat(of(fetch(ask(arn("user/ann"), "SERVICE_LEVEL")), "iam").lastAuthenticated())
        .isNull();
  }

  @Test
  void aJobIsOfItsAccountAlone() {
    String job = ask(arn("user/administrator"), "SERVICE_LEVEL");
    Principal stranger = f.principal(f.iam.accounts().create().credentials());
    refused(
        "NoSuchEntity",
        () -> f.call(stranger, GetServiceLastAccessedDetailsRequest.builder().jobId(job).build()));
    assertThat(fetch(job).jobStatus()).isEqualTo("COMPLETED");
    f.pass(Duration.ofDays(7).plusSeconds(1));
    refused("NoSuchEntity", () -> fetch(job));
  }

  @Test
  void tooManyJobsPushOutTheOldest() {
    String first = ask(arn("user/administrator"), "SERVICE_LEVEL");
    f.pass(Duration.ofSeconds(1));
    for (int i = 0; i < 999; i++) {
      ask(arn("user/administrator"), "SERVICE_LEVEL");
    }
    assertThat(fetch(first).jobStatus()).isEqualTo("COMPLETED");
    ask(arn("user/administrator"), "SERVICE_LEVEL");
    refused("NoSuchEntity", () -> fetch(first));
  }

  @Test
  void policiesThatGrantAServiceAreListed() {
    user("ann");
    allow("ann");
    var answer =
        admin(
            ListPoliciesGrantingServiceAccessRequest.builder()
                .arn(arn("user/ann"))
                .serviceNamespaces(List.of("ecs", "s3"))
                .build(),
            ListPoliciesGrantingServiceAccessResponse.class);
    assertThat(answer.policiesGrantingServiceAccess()).hasSize(2);
    var ecs = answer.policiesGrantingServiceAccess().getFirst();
    assertThat(ecs.serviceNamespace()).isEqualTo("ecs");
    assertThat(ecs.policies())
        .containsExactly(
            PolicyGrantingServiceAccess.builder()
                .policyName("reads")
                .policyType("INLINE")
                .entityType("USER")
                .entityName("ann")
                .build());
    assertThat(answer.policiesGrantingServiceAccess().getLast().policies()).isEmpty();

    admin(
        CreateRoleRequest.builder()
            .roleName("root-like")
            .assumeRolePolicyDocument(
                """
                {"Version":"2012-10-17","Statement":{"Effect":"Allow",\
                "Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}}\
                """)
            .build());
    String administrator = "arn:aws:iam::aws:policy/AdministratorAccess";
    admin(AttachRolePolicyRequest.builder().roleName("root-like").policyArn(administrator).build());
    var all =
        admin(
            ListPoliciesGrantingServiceAccessRequest.builder()
                .arn(arn("role/root-like"))
                .serviceNamespaces(List.of("s3"))
                .build(),
            ListPoliciesGrantingServiceAccessResponse.class);
    assertThat(all.policiesGrantingServiceAccess().getFirst().policies())
        .containsExactly(
            PolicyGrantingServiceAccess.builder()
                .policyName("AdministratorAccess")
                .policyType("MANAGED")
                .policyArn(administrator)
                .build());
  }
}
