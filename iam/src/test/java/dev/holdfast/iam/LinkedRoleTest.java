// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.Shape;
import dev.holdfast.aws.iam.AddRoleToInstanceProfileRequest;
import dev.holdfast.aws.iam.AttachRolePolicyRequest;
import dev.holdfast.aws.iam.CreateInstanceProfileRequest;
import dev.holdfast.aws.iam.CreateRoleRequest;
import dev.holdfast.aws.iam.CreateServiceLinkedRoleRequest;
import dev.holdfast.aws.iam.CreateServiceLinkedRoleResponse;
import dev.holdfast.aws.iam.DeleteRolePermissionsBoundaryRequest;
import dev.holdfast.aws.iam.DeleteRolePolicyRequest;
import dev.holdfast.aws.iam.DeleteRoleRequest;
import dev.holdfast.aws.iam.DeleteServiceLinkedRoleRequest;
import dev.holdfast.aws.iam.DeleteServiceLinkedRoleResponse;
import dev.holdfast.aws.iam.DetachRolePolicyRequest;
import dev.holdfast.aws.iam.GetRoleRequest;
import dev.holdfast.aws.iam.GetServiceLinkedRoleDeletionStatusRequest;
import dev.holdfast.aws.iam.GetServiceLinkedRoleDeletionStatusResponse;
import dev.holdfast.aws.iam.PutRolePermissionsBoundaryRequest;
import dev.holdfast.aws.iam.PutRolePolicyRequest;
import dev.holdfast.aws.iam.Tag;
import dev.holdfast.aws.iam.TagRoleRequest;
import dev.holdfast.aws.iam.UpdateAssumeRolePolicyRequest;
import dev.holdfast.aws.iam.UpdateRoleDescriptionRequest;
import dev.holdfast.aws.iam.UpdateRoleRequest;
import dev.holdfast.aws.sts.AssumeRoleRequest;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The roles of services. */
class LinkedRoleTest {
  private static final String NAME = "AWSServiceRoleForECS";
  private static final String POLICY =
      "arn:aws:iam::aws:policy/aws-service-role/AmazonECSServiceRolePolicy";
  private static final String ALLOW =
      "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}";
  private static final String TRUST =
      "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"ecs.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}}";

  private final Fixture f = new Fixture();

  private void call(Shape input) {
    var _ = f.call(f.administrator(), input);
  }

  private static CreateServiceLinkedRoleRequest request() {
    return CreateServiceLinkedRoleRequest.builder().awsServiceName("ecs.amazonaws.com").build();
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
  void isMadeOnceUnderItsOwnPath() {
    var role =
        Objects.requireNonNull(
            f.call(f.administrator(), request(), CreateServiceLinkedRoleResponse.class).role());
    assertThat(role.arn())
        .isEqualTo(
            "arn:aws:iam::" + f.account + ":role/aws-service-role/ecs.amazonaws.com/" + NAME);
    assertThat(role.description()).isEqualTo("Role to enable Amazon ECS to manage your cluster.");
    refused(
        "InvalidInput",
        "Service role name "
            + NAME
            + " has been taken in this account, please try a different suffix.",
        () -> call(request()));
  }

  @Test
  void isOfAServiceThatHasOneAndHasNoSuffix() {
    refused(
        "InvalidInput",
        "Custom suffix is not allowed for ecs.amazonaws.com",
        () -> call(request().toBuilder().customSuffix("x").build()));
    refused(
        "InvalidInput",
        "no service-linked role",
        () -> call(request().toBuilder().awsServiceName("nobody.amazonaws.com").build()));
  }

  @Test
  void nobodyChangesIt() {
    call(request());
    call(CreateInstanceProfileRequest.builder().instanceProfileName("box").build());
    List<Shape> changes =
        List.of(
            AttachRolePolicyRequest.builder()
                .roleName(NAME)
                .policyArn("arn:aws:iam::aws:policy/AdministratorAccess")
                .build(),
            DetachRolePolicyRequest.builder().roleName(NAME).policyArn(POLICY).build(),
            PutRolePolicyRequest.builder()
                .roleName(NAME)
                .policyName("p")
                .policyDocument(ALLOW)
                .build(),
            DeleteRolePolicyRequest.builder().roleName(NAME).policyName("p").build(),
            PutRolePermissionsBoundaryRequest.builder()
                .roleName(NAME)
                .permissionsBoundary("arn:aws:iam::aws:policy/AdministratorAccess")
                .build(),
            DeleteRolePermissionsBoundaryRequest.builder().roleName(NAME).build(),
            UpdateAssumeRolePolicyRequest.builder().roleName(NAME).policyDocument(TRUST).build(),
            UpdateRoleRequest.builder().roleName(NAME).maxSessionDuration(43_200).build(),
            AddRoleToInstanceProfileRequest.builder()
                .roleName(NAME)
                .instanceProfileName("box")
                .build(),
            DeleteRoleRequest.builder().roleName(NAME).build());
    for (Shape change : changes) {
      refused(
          "UnmodifiableEntity",
          "Cannot perform the operation on the protected role '"
              + NAME
              + "' - this role is only modifiable by AWS",
          () -> call(change));
    }
    call(UpdateRoleDescriptionRequest.builder().roleName(NAME).description("ours").build());
    call(
        TagRoleRequest.builder()
            .roleName(NAME)
            .tags(List.of(Tag.builder().key("k").value("v").build()))
            .build());
  }

  @Test
  void nobodyMakesOneByHandOrBorrowsItsPolicy() {
    var plain = CreateRoleRequest.builder().roleName("own").assumeRolePolicyDocument(TRUST);
    refused(
        "InvalidInput",
        "for service-linked roles",
        () -> call(plain.path("/aws-service-role/ecs.amazonaws.com/").build()));
    call(plain.path("/").build());
    refused(
        "PolicyNotAttachable",
        "Cannot attach a Service Role Policy to a Customer Role.",
        () -> call(AttachRolePolicyRequest.builder().roleName("own").policyArn(POLICY).build()));
  }

  @Test
  void nobodyOfTheAccountAssumesIt() {
    call(request());
    refused(
        "AccessDenied",
        "is not authorized to perform: sts:AssumeRole",
        () ->
            call(
                AssumeRoleRequest.builder()
                    .roleArn(
                        "arn:aws:iam::"
                            + f.account
                            + ":role/aws-service-role/ecs.amazonaws.com/"
                            + NAME)
                    .roleSessionName("run")
                    .build()));
  }

  private GetServiceLinkedRoleDeletionStatusResponse delete() {
    String task =
        f.call(
                f.administrator(),
                DeleteServiceLinkedRoleRequest.builder().roleName(NAME).build(),
                DeleteServiceLinkedRoleResponse.class)
            .deletionTaskId();
    assertThat(task).startsWith("task/aws-service-role/ecs.amazonaws.com/" + NAME + "/");
    return f.call(
        f.administrator(),
        GetServiceLinkedRoleDeletionStatusRequest.builder().deletionTaskId(task).build(),
        GetServiceLinkedRoleDeletionStatusResponse.class);
  }

  @Test
  void isDeletedWhereItsServiceNeedsItNoMore() {
    call(request());
    f.inUse.add("arn:aws:ecs:eu-central-1:" + f.account + ":cluster/shop");
    var failed = delete();
    assertThat(failed.status()).isEqualTo("FAILED");
    var usage = Objects.requireNonNull(failed.reason()).roleUsageList();
    assertThat(usage)
        .singleElement()
        .satisfies(u -> assertThat(u.region()).isEqualTo("eu-central-1"));
    call(GetRoleRequest.builder().roleName(NAME).build());
    f.inUse.clear();
    assertThat(delete().status()).isEqualTo("SUCCEEDED");
    refused("NoSuchEntity", NAME, () -> call(GetRoleRequest.builder().roleName(NAME).build()));
    call(request());
  }

  @Test
  void whatIsNoServicesRoleIsNotDeletedSo() {
    call(CreateRoleRequest.builder().roleName("own").assumeRolePolicyDocument(TRUST).build());
    refused(
        "NoSuchEntity",
        "own",
        () -> call(DeleteServiceLinkedRoleRequest.builder().roleName("own").build()));
    refused(
        "InvalidInput",
        "is not valid",
        () ->
            call(GetServiceLinkedRoleDeletionStatusRequest.builder().deletionTaskId("x").build()));
    refused(
        "NoSuchEntity",
        "cannot be found",
        () ->
            call(
                GetServiceLinkedRoleDeletionStatusRequest.builder()
                    .deletionTaskId("task/aws-service-role/ecs.amazonaws.com/" + NAME + "/1")
                    .build()));
  }
}
