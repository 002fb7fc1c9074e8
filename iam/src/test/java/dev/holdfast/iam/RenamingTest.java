// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.Shape;
import dev.holdfast.aws.iam.AddUserToGroupRequest;
import dev.holdfast.aws.iam.CreateAccessKeyRequest;
import dev.holdfast.aws.iam.CreateAccessKeyResponse;
import dev.holdfast.aws.iam.CreateGroupRequest;
import dev.holdfast.aws.iam.CreateRoleRequest;
import dev.holdfast.aws.iam.CreateUserRequest;
import dev.holdfast.aws.iam.DeleteAccessKeyRequest;
import dev.holdfast.aws.iam.DeleteGroupPolicyRequest;
import dev.holdfast.aws.iam.DeleteGroupRequest;
import dev.holdfast.aws.iam.DeleteUserRequest;
import dev.holdfast.aws.iam.GetGroupRequest;
import dev.holdfast.aws.iam.GetGroupResponse;
import dev.holdfast.aws.iam.GetUserRequest;
import dev.holdfast.aws.iam.GetUserResponse;
import dev.holdfast.aws.iam.ListGroupsForUserRequest;
import dev.holdfast.aws.iam.ListGroupsForUserResponse;
import dev.holdfast.aws.iam.PutGroupPolicyRequest;
import dev.holdfast.aws.iam.PutUserPolicyRequest;
import dev.holdfast.aws.iam.RemoveUserFromGroupRequest;
import dev.holdfast.aws.iam.Tag;
import dev.holdfast.aws.iam.UpdateGroupRequest;
import dev.holdfast.aws.iam.UpdateRoleDescriptionRequest;
import dev.holdfast.aws.iam.UpdateRoleDescriptionResponse;
import dev.holdfast.aws.iam.UpdateRoleRequest;
import dev.holdfast.aws.iam.UpdateUserRequest;
import dev.holdfast.aws.iam.User;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.service.Principal;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Users and groups under another name or path. */
final class RenamingTest {
  private final Fixture f = new Fixture();
  private Principal admin = f.administrator();

  @BeforeEach
  void annAndHerGroup() {
    admin = f.administrator();
    f.call(
        admin,
        CreateUserRequest.builder()
            .userName("ann")
            .tags(List.of(Tag.builder().key("a").value("1").build()))
            .build());
    f.call(admin, CreateGroupRequest.builder().groupName("people").build());
    f.call(admin, AddUserToGroupRequest.builder().groupName("people").userName("ann").build());
    f.call(
        admin,
        PutGroupPolicyRequest.builder()
            .groupName("people")
            .policyName("p")
            .policyDocument(allow("iam:ListUsers", "*"))
            .build());
  }

  private static String allow(String action, String resource) {
    return "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\""
        + action
        + "\",\"Resource\":\""
        + resource
        + "\"}}";
  }

  private void fails(Principal who, Shape request, String code, String text) {
    assertThatThrownBy(() -> f.call(who, request))
        .isInstanceOfSatisfying(
            ApiError.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.text()).contains(text);
            });
  }

  private User user(String name) {
    return f.call(admin, GetUserRequest.builder().userName(name).build(), GetUserResponse.class)
        .user();
  }

  private Credentials key() {
    var key =
        f.call(
                admin,
                CreateAccessKeyRequest.builder().userName("ann").build(),
                CreateAccessKeyResponse.class)
            .accessKey();
    return new Credentials(key.accessKeyId(), key.secretAccessKey(), null);
  }

  @Test
  void aRenamedUserKeepsItsIdKeysGroupsAndTags() {
    Credentials key = key();
    String id = user("ann").userId();
    f.call(
        admin,
        UpdateUserRequest.builder().userName("ann").newUserName("anna").newPath("/team/").build());
    assertThat(user("anna").userId()).isEqualTo(id);
    assertThat(user("anna").arn()).isEqualTo("arn:aws:iam::" + f.account + ":user/team/anna");
    assertThat(user("anna").tags()).extracting(Tag::key).containsExactly("a");
    assertThat(f.principal(key).identity().name()).isEqualTo("anna");
    assertThat(
            f.call(
                    admin,
                    ListGroupsForUserRequest.builder().userName("anna").build(),
                    ListGroupsForUserResponse.class)
                .groups())
        .hasSize(1);
    fails(
        admin,
        GetUserRequest.builder().userName("ann").build(),
        "NoSuchEntity",
        "The user with name ann cannot be found.");
    f.call(
        admin, RemoveUserFromGroupRequest.builder().groupName("people").userName("anna").build());
    f.call(
        admin,
        DeleteAccessKeyRequest.builder().userName("anna").accessKeyId(key.accessKeyId()).build());
    f.call(admin, DeleteUserRequest.builder().userName("anna").build());
    f.call(admin, CreateUserRequest.builder().userName("anna").path("/team/").build());
    assertThat(user("anna").tags()).isEmpty();
  }

  @Test
  void aNameThatIsTakenStaysWithWhomeverHasIt() {
    f.call(admin, CreateUserRequest.builder().userName("bob").build());
    fails(
        admin,
        UpdateUserRequest.builder().userName("ann").newUserName("BOB").build(),
        "EntityAlreadyExists",
        "User with name BOB already exists.");
    f.call(admin, UpdateUserRequest.builder().userName("ann").newUserName("Ann").build());
    assertThat(user("Ann").userName()).isEqualTo("Ann");
    f.call(admin, CreateGroupRequest.builder().groupName("g").build());
    fails(
        admin,
        UpdateGroupRequest.builder().groupName("g").newGroupName("people").build(),
        "EntityAlreadyExists",
        "Group with name people already exists.");
  }

  @Test
  void aRenamedGroupKeepsItsMembersAndTheirRights() {
    Credentials key = key();
    f.call(admin, UpdateGroupRequest.builder().groupName("people").newGroupName("persons").build());
    var group =
        f.call(
            admin, GetGroupRequest.builder().groupName("persons").build(), GetGroupResponse.class);
    assertThat(group.users()).extracting(User::userName).containsExactly("ann");
    f.call(f.principal(key), dev.holdfast.aws.iam.ListUsersRequest.builder().build());
    fails(
        admin,
        DeleteGroupRequest.builder().groupName("persons").build(),
        "DeleteConflict",
        "remove users from group first");
    f.call(
        admin, RemoveUserFromGroupRequest.builder().groupName("persons").userName("ann").build());
    f.call(admin, DeleteGroupPolicyRequest.builder().groupName("persons").policyName("p").build());
    f.call(admin, DeleteGroupRequest.builder().groupName("persons").build());
  }

  @Test
  void whoeverMovesAUserNeedsTheRightHereAndThere() {
    Credentials key = key();
    f.call(
        admin,
        PutUserPolicyRequest.builder()
            .userName("ann")
            .policyName("here")
            .policyDocument(allow("iam:UpdateUser", "arn:aws:iam::" + f.account + ":user/ann"))
            .build());
    fails(
        f.principal(key),
        UpdateUserRequest.builder().userName("ann").newUserName("root-of-all").build(),
        "AccessDenied",
        "iam:UpdateUser on resource: arn:aws:iam::" + f.account + ":user/root-of-all");
    f.call(
        f.principal(key), UpdateUserRequest.builder().userName("ann").newUserName("ann").build());
  }

  @Test
  void theDescriptionOfARoleChangesAloneAsWell() {
    String trust =
        "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Principal\":"
            + "{\"Service\":\"ecs-tasks.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}}";
    f.call(
        admin, CreateRoleRequest.builder().roleName("r").assumeRolePolicyDocument(trust).build());
    f.call(admin, UpdateRoleRequest.builder().roleName("r").maxSessionDuration(7200).build());
    var role =
        Objects.requireNonNull(
            f.call(
                    admin,
                    UpdateRoleDescriptionRequest.builder().roleName("r").description("new").build(),
                    UpdateRoleDescriptionResponse.class)
                .role());
    assertThat(role.description()).isEqualTo("new");
    assertThat(role.maxSessionDuration()).isEqualTo(7200);
  }
}
