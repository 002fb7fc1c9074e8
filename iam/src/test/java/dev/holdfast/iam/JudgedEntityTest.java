// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.Shape;
import dev.holdfast.aws.iam.AddUserToGroupRequest;
import dev.holdfast.aws.iam.AttachUserPolicyRequest;
import dev.holdfast.aws.iam.CreateAccessKeyRequest;
import dev.holdfast.aws.iam.CreateAccessKeyResponse;
import dev.holdfast.aws.iam.CreateGroupRequest;
import dev.holdfast.aws.iam.CreateLoginProfileRequest;
import dev.holdfast.aws.iam.CreatePolicyRequest;
import dev.holdfast.aws.iam.CreateRoleRequest;
import dev.holdfast.aws.iam.CreateUserRequest;
import dev.holdfast.aws.iam.DeleteRoleRequest;
import dev.holdfast.aws.iam.DeleteUserPermissionsBoundaryRequest;
import dev.holdfast.aws.iam.DeleteUserRequest;
import dev.holdfast.aws.iam.ListUserPoliciesRequest;
import dev.holdfast.aws.iam.ListUserPoliciesResponse;
import dev.holdfast.aws.iam.PutUserPermissionsBoundaryRequest;
import dev.holdfast.aws.iam.PutUserPolicyRequest;
import dev.holdfast.aws.iam.Tag;
import dev.holdfast.aws.iam.TagUserRequest;
import dev.holdfast.aws.iam.UpdateAssumeRolePolicyRequest;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.service.Principal;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a name meant when a call was judged, it must mean when the call is carried out. */
final class JudgedEntityTest {
  private static final String ALL =
      "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}";

  private static final String TRUST =
      "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\","
          + "\"Principal\":{\"Service\":\"ecs-tasks.amazonaws.com\"}}}";

  private final Fixture f = new Fixture();
  private final String team = "arn:aws:iam::" + f.account + ":policy/team";
  private Principal keeper = f.administrator();

  /** Somebody who may do everything to what is in the root path. */
  @BeforeEach
  void keeperOfTheRootPath() {
    admin(CreatePolicyRequest.builder().policyName("team").policyDocument(ALL).build());
    admin(CreateUserRequest.builder().userName("keeper").build());
    admin(
        PutUserPolicyRequest.builder()
            .userName("keeper")
            .policyName("p")
            .policyDocument(
                """
                {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:*",
                 "Resource":["arn:aws:iam::*:user/b","arn:aws:iam::*:group/b","arn:aws:iam::*:role/b"]}}
                """)
            .build());
    var key =
        ((CreateAccessKeyResponse)
                admin(CreateAccessKeyRequest.builder().userName("keeper").build()))
            .accessKey();
    keeper = f.principal(new Credentials(key.accessKeyId(), key.secretAccessKey(), null));
  }

  private Shape admin(Shape request) {
    return f.call(f.administrator(), request);
  }

  private void changed(Shape request, Runnable meanwhile) {
    f.meanwhile = meanwhile;
    assertThatThrownBy(() -> f.call(keeper, request))
        .isInstanceOfSatisfying(
            ApiError.class,
            e -> assertThat(e.code()).as(e.text()).isEqualTo("ConcurrentModification"));
  }

  private List<String> policies(String user) {
    return ((ListUserPoliciesResponse)
            admin(ListUserPoliciesRequest.builder().userName(user).build()))
        .policyNames();
  }

  private void user(String path) {
    admin(CreateUserRequest.builder().userName("b").path(path).build());
  }

  private static Shape put() {
    return PutUserPolicyRequest.builder()
        .userName("b")
        .policyName("mine")
        .policyDocument(ALL)
        .build();
  }

  @Test
  void nothingIsDoneToWhatWasMadeElsewhereMeanwhile() {
    Tag tag = Tag.builder().key("team").value("blue").build();
    List<Shape> writes =
        List.of(
            put(),
            AttachUserPolicyRequest.builder().userName("b").policyArn(team).build(),
            PutUserPermissionsBoundaryRequest.builder()
                .userName("b")
                .permissionsBoundary(team)
                .build(),
            TagUserRequest.builder().userName("b").tags(List.of(tag)).build(),
            CreateAccessKeyRequest.builder().userName("b").build(),
            CreateLoginProfileRequest.builder().userName("b").password("Correct-horse-9").build(),
            DeleteUserRequest.builder().userName("b").build());
    for (Shape write : writes) {
      changed(write, () -> user("/admin/"));
      admin(DeleteUserRequest.builder().userName("b").build()); // nothing hangs on it
    }
    user("/");
    changed(
        AddUserToGroupRequest.builder().groupName("b").userName("b").build(),
        () -> admin(CreateGroupRequest.builder().groupName("b").path("/admin/").build()));
    changed(
        UpdateAssumeRolePolicyRequest.builder().roleName("b").policyDocument(TRUST).build(),
        () ->
            admin(
                CreateRoleRequest.builder()
                    .roleName("b")
                    .path("/admin/")
                    .assumeRolePolicyDocument(TRUST)
                    .build()));
    admin(DeleteRoleRequest.builder().roleName("b").build());
    f.call(keeper, put());
    assertThat(policies("b")).containsExactly("mine");
  }

  @Test
  void nothingIsDoneToAnotherOneOfTheName() {
    user("/");
    changed(
        put(),
        () -> {
          admin(DeleteUserRequest.builder().userName("b").build());
          user("/");
        });
    assertThat(policies("b")).isEmpty();
    f.call(keeper, put());
    assertThat(policies("b")).containsExactly("mine");
  }

  /** Who may write policies within a boundary writes none once that is gone. */
  @Test
  void whatWasBoundedIsBoundedStill() {
    admin(CreateUserRequest.builder().userName("b").permissionsBoundary(team).build());
    admin(
        PutUserPolicyRequest.builder()
            .userName("keeper")
            .policyName("p")
            .policyDocument(
                ALL.replace(
                    "\"Resource\"",
                    "\"Condition\":{\"StringEquals\":{\"iam:PermissionsBoundary\":\""
                        + team
                        + "\"}},\"Resource\""))
            .build());
    var unbound = DeleteUserPermissionsBoundaryRequest.builder().userName("b").build();
    changed(put(), () -> admin(unbound));
    assertThat(policies("b")).isEmpty();
    admin(
        PutUserPermissionsBoundaryRequest.builder()
            .userName("b")
            .permissionsBoundary(team)
            .build());
    f.call(keeper, put());
    assertThat(policies("b")).containsExactly("mine");
  }
}
