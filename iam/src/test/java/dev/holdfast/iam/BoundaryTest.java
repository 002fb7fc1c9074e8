// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.Shape;
import dev.holdfast.aws.iam.AttachUserPolicyRequest;
import dev.holdfast.aws.iam.CreateAccessKeyRequest;
import dev.holdfast.aws.iam.CreateAccessKeyResponse;
import dev.holdfast.aws.iam.CreatePolicyRequest;
import dev.holdfast.aws.iam.CreateRoleRequest;
import dev.holdfast.aws.iam.CreateUserRequest;
import dev.holdfast.aws.iam.DeletePolicyRequest;
import dev.holdfast.aws.iam.DeleteRolePermissionsBoundaryRequest;
import dev.holdfast.aws.iam.DeleteUserPermissionsBoundaryRequest;
import dev.holdfast.aws.iam.DeleteUserRequest;
import dev.holdfast.aws.iam.GetPolicyRequest;
import dev.holdfast.aws.iam.GetPolicyResponse;
import dev.holdfast.aws.iam.GetRoleRequest;
import dev.holdfast.aws.iam.GetRoleResponse;
import dev.holdfast.aws.iam.GetUserRequest;
import dev.holdfast.aws.iam.GetUserResponse;
import dev.holdfast.aws.iam.ListEntitiesForPolicyRequest;
import dev.holdfast.aws.iam.ListEntitiesForPolicyResponse;
import dev.holdfast.aws.iam.ListPoliciesRequest;
import dev.holdfast.aws.iam.ListPoliciesResponse;
import dev.holdfast.aws.iam.PutRolePermissionsBoundaryRequest;
import dev.holdfast.aws.iam.PutUserPermissionsBoundaryRequest;
import dev.holdfast.aws.iam.PutUserPolicyRequest;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Principal;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Permissions boundaries: nothing goes beyond them, and nobody puts one off without leave. */
final class BoundaryTest {
  private static final String ALL =
      "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}";

  private final Fixture f = new Fixture();
  private final String team = "arn:aws:iam::" + f.account + ":policy/team";
  private Principal ann = f.administrator();

  @BeforeEach
  void annWithinTheTeam() {
    admin(
        CreatePolicyRequest.builder()
            .policyName("team")
            .policyDocument(
                """
                {"Version":"2012-10-17","Statement":[
                 {"Effect":"Allow","Action":["ecs:*","iam:CreateUser","iam:CreateRole","iam:PutUserPolicy"],"Resource":"*"}]}
                """)
            .build());
    admin(CreateUserRequest.builder().userName("ann").permissionsBoundary(team).build());
    grant("ann", ALL);
    ann = key("ann");
  }

  private Shape admin(Shape request) {
    return f.call(f.administrator(), request);
  }

  private void grant(String user, String document) {
    admin(
        PutUserPolicyRequest.builder()
            .userName(user)
            .policyName("p")
            .policyDocument(document)
            .build());
  }

  private Principal key(String user) {
    var key =
        ((CreateAccessKeyResponse) admin(CreateAccessKeyRequest.builder().userName(user).build()))
            .accessKey();
    return f.principal(new Credentials(key.accessKeyId(), key.secretAccessKey(), null));
  }

  private void fails(Shape request, String code, String text) {
    assertThatThrownBy(() -> admin(request))
        .isInstanceOfSatisfying(
            ApiError.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.text()).isEqualTo(text);
            });
  }

  @Test
  void nothingGoesBeyondTheBoundary() {
    f.require(ann, Demand.on("ecs:ListClusters"));
    assertThatThrownBy(() -> f.require(ann, Demand.on("kms:ListKeys")))
        .hasMessageContaining("because no permissions boundary allows the kms:ListKeys action");
    assertThatThrownBy(
            () ->
                f.call(
                    ann,
                    AttachUserPolicyRequest.builder()
                        .userName("ann")
                        .policyArn("arn:aws:iam::aws:policy/AdministratorAccess")
                        .build()))
        .hasMessageContaining("because no permissions boundary allows");
    assertThatThrownBy(
            () ->
                f.call(ann, DeleteUserPermissionsBoundaryRequest.builder().userName("ann").build()))
        .hasMessageContaining("because no permissions boundary allows");
  }

  @Test
  void aBoundaryAloneAllowsNothing() {
    admin(CreateUserRequest.builder().userName("bob").permissionsBoundary(team).build());
    Principal bob = key("bob");
    assertThatThrownBy(() -> f.require(bob, Demand.on("ecs:ListClusters")))
        .hasMessageContaining("because no identity-based policy allows");
  }

  @Test
  void itIsSetChangedAndTakenAwayForTheVeryNextRequest() {
    admin(DeleteUserPermissionsBoundaryRequest.builder().userName("ann").build());
    f.require(ann, Demand.on("kms:ListKeys"));
    admin(
        PutUserPermissionsBoundaryRequest.builder()
            .userName("ann")
            .permissionsBoundary(team)
            .build());
    assertThatThrownBy(() -> f.require(ann, Demand.on("kms:ListKeys"))).isNotNull();
    admin(DeleteUserPermissionsBoundaryRequest.builder().userName("ann").build());
    admin(DeleteUserPermissionsBoundaryRequest.builder().userName("ann").build());
    assertThat(user("ann").permissionsBoundary()).isNull();
  }

  private dev.holdfast.aws.iam.User user(String name) {
    return ((GetUserResponse) admin(GetUserRequest.builder().userName(name).build())).user();
  }

  @Test
  void itIsShownAndItsPolicyStays() {
    var shown = Objects.requireNonNull(user("ann").permissionsBoundary());
    assertThat(shown.permissionsBoundaryArn()).isEqualTo(team);
    assertThat(shown.permissionsBoundaryType()).isEqualTo("PermissionsBoundaryPolicy");
    var policy =
        Objects.requireNonNull(
            ((GetPolicyResponse) admin(GetPolicyRequest.builder().policyArn(team).build()))
                .policy());
    assertThat(policy.attachmentCount()).isZero();
    assertThat(policy.permissionsBoundaryUsageCount()).isOne();
    fails(
        DeletePolicyRequest.builder().policyArn(team).build(),
        "DeleteConflict",
        "Cannot delete a policy attached to entities.");
    assertThat(entities("PermissionsBoundary").policyUsers()).hasSize(1);
    assertThat(entities("PermissionsPolicy").policyUsers()).isEmpty();
    assertThat(policies("PermissionsBoundary").policies()).hasSize(1);
    assertThat(policies("PermissionsPolicy").policies()).noneMatch(p -> team.equals(p.arn()));
  }

  private ListEntitiesForPolicyResponse entities(String usage) {
    return (ListEntitiesForPolicyResponse)
        admin(
            ListEntitiesForPolicyRequest.builder()
                .policyArn(team)
                .policyUsageFilter(usage)
                .build());
  }

  private ListPoliciesResponse policies(String usage) {
    return (ListPoliciesResponse)
        admin(ListPoliciesRequest.builder().policyUsageFilter(usage).build());
  }

  @Test
  void aUserIsDeletedWithItsBoundary() {
    admin(CreateUserRequest.builder().userName("bob").permissionsBoundary(team).build());
    admin(DeleteUserRequest.builder().userName("bob").build());
    assertThat(entities("PermissionsBoundary").policyUsers()).hasSize(1);
  }

  @Test
  void rolesHaveThemToo() {
    String trust =
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":"
            + "\"ecs-tasks.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}";
    admin(
        CreateRoleRequest.builder()
            .roleName("task")
            .assumeRolePolicyDocument(trust)
            .permissionsBoundary(team)
            .build());
    assertThat(role().permissionsBoundary()).isNotNull();
    admin(DeleteRolePermissionsBoundaryRequest.builder().roleName("task").build());
    assertThat(role().permissionsBoundary()).isNull();
    admin(
        PutRolePermissionsBoundaryRequest.builder()
            .roleName("task")
            .permissionsBoundary(team)
            .build());
    assertThat(role().permissionsBoundary()).isNotNull();
  }

  private dev.holdfast.aws.iam.Role role() {
    return ((GetRoleResponse) admin(GetRoleRequest.builder().roleName("task").build())).role();
  }

  @Test
  void whatIsNoPolicyIsNoBoundary() {
    String absent = "arn:aws:iam::" + f.account + ":policy/absent";
    fails(
        CreateUserRequest.builder().userName("bob").permissionsBoundary(absent).build(),
        "NoSuchEntity",
        "Scope ARN: " + absent + " does not exist or is not attachable.");
    fails(
        PutUserPermissionsBoundaryRequest.builder()
            .userName("ann")
            .permissionsBoundary(absent)
            .build(),
        "NoSuchEntity",
        "Scope ARN: " + absent + " does not exist or is not attachable.");
  }

  /** The pattern of AWS's documentation: make users, but only within the boundary. */
  @Test
  void aDelegatedAdministratorMakesUsersWithinTheBoundaryAlone() {
    grant(
        "ann",
        """
        {"Version":"2012-10-17","Statement":[
         {"Effect":"Allow","Action":["iam:CreateUser","iam:PutUserPolicy"],"Resource":"*",
          "Condition":{"StringEquals":{"iam:PermissionsBoundary":"%s"}}}]}
        """
            .formatted(team));
    assertThatThrownBy(() -> f.call(ann, CreateUserRequest.builder().userName("free").build()))
        .hasMessageContaining("is not authorized to perform: iam:CreateUser");
    f.call(ann, CreateUserRequest.builder().userName("tame").permissionsBoundary(team).build());
    var put = PutUserPolicyRequest.builder().policyName("p").policyDocument(ALL);
    f.call(ann, put.userName("tame").build());
    admin(CreateUserRequest.builder().userName("free").build());
    assertThatThrownBy(() -> f.call(ann, put.userName("free").build()))
        .hasMessageContaining("is not authorized to perform: iam:PutUserPolicy");
  }
}
