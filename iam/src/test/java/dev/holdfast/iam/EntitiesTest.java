// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.Shape;
import dev.holdfast.aws.iam.*;
import dev.holdfast.aws.iam.Tag;
import dev.holdfast.service.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class EntitiesTest {
  private static final String POLICY =
      "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:*\","
          + "\"Resource\":\"*\"}}";

  private final Fixture f = new Fixture();
  private Principal admin = f.administrator();

  @BeforeEach
  void user() {
    admin = f.administrator();
    f.call(
        admin,
        CreateUserRequest.builder()
            .userName("ann")
            .path("/team/")
            .tags(List.of(Tag.builder().key("a").value("1").build()))
            .build());
  }

  private void fails(Shape request, String code, String text) {
    assertThatThrownBy(() -> f.call(admin, request))
        .isInstanceOfSatisfying(
            ApiError.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.text()).isEqualTo(text);
            });
  }

  @Test
  void aUserShowsWhatItWasMadeWith() {
    var user =
        f.call(admin, GetUserRequest.builder().userName("ann").build(), GetUserResponse.class)
            .user();
    assertThat(user.arn()).isEqualTo("arn:aws:iam::" + f.account + ":user/team/ann");
    assertThat(user.userId()).startsWith("AIDA").hasSize(21);
    assertThat(user.tags()).singleElement().extracting(Tag::key).isEqualTo("a");
    assertThat(user.createDate()).isEqualTo(f.now);
  }

  @Test
  void namesAreUniqueWhateverTheirCaseButFoundExactly() {
    fails(
        CreateUserRequest.builder().userName("ANN").build(),
        "EntityAlreadyExists",
        "User with name ANN already exists.");
    fails(
        GetUserRequest.builder().userName("Ann").build(),
        "NoSuchEntity",
        "The user with name Ann cannot be found.");
  }

  @Test
  void aUserIsDeletedOnlyWhenNothingHangsOnIt() {
    f.call(admin, CreateGroupRequest.builder().groupName("g").build());
    f.call(admin, AddUserToGroupRequest.builder().groupName("g").userName("ann").build());
    var delete = DeleteUserRequest.builder().userName("ann").build();
    String prefix = "Cannot delete entity, must ";
    fails(delete, "DeleteConflict", prefix + "remove users from group first.");
    fails(
        DeleteGroupRequest.builder().groupName("g").build(),
        "DeleteConflict",
        prefix + "remove users from group first.");
    f.call(admin, RemoveUserFromGroupRequest.builder().groupName("g").userName("ann").build());
    var key =
        f.call(
            admin,
            CreateAccessKeyRequest.builder().userName("ann").build(),
            CreateAccessKeyResponse.class);
    fails(delete, "DeleteConflict", prefix + "delete access keys first.");
    f.call(
        admin,
        DeleteAccessKeyRequest.builder()
            .userName("ann")
            .accessKeyId(key.accessKey().accessKeyId())
            .build());
    f.call(
        admin,
        PutUserPolicyRequest.builder()
            .userName("ann")
            .policyName("p")
            .policyDocument(POLICY)
            .build());
    fails(delete, "DeleteConflict", prefix + "delete policies first.");
    f.call(admin, DeleteUserPolicyRequest.builder().userName("ann").policyName("p").build());
    String arn = "arn:aws:iam::aws:policy/AdministratorAccess";
    f.call(admin, AttachUserPolicyRequest.builder().userName("ann").policyArn(arn).build());
    fails(delete, "DeleteConflict", prefix + "detach all policies first.");
    f.call(admin, DetachUserPolicyRequest.builder().userName("ann").policyArn(arn).build());
    f.call(admin, delete);
    fails(delete, "NoSuchEntity", "The user with name ann cannot be found.");
    f.call(admin, DeleteGroupRequest.builder().groupName("g").build());
  }

  @Test
  void aUserHasTwoKeysAtMost() {
    var create = CreateAccessKeyRequest.builder().userName("ann").build();
    f.call(admin, create);
    f.call(admin, create);
    fails(create, "LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2");
    var keys =
        f.call(
            admin,
            ListAccessKeysRequest.builder().userName("ann").build(),
            ListAccessKeysResponse.class);
    assertThat(keys.accessKeyMetadata()).hasSize(2);
  }

  @Test
  void inlinePoliciesComeBackEncodedAndWithinTheirSize() {
    var put = PutUserPolicyRequest.builder().userName("ann").policyName("p").policyDocument(POLICY);
    f.call(admin, put.build());
    var got =
        f.call(
            admin,
            GetUserPolicyRequest.builder().userName("ann").policyName("p").build(),
            GetUserPolicyResponse.class);
    assertThat(got.policyDocument())
        .startsWith("%7B%22Version%22%3A%222012-10-17%22")
        .contains("s3%3A%2A");
    fails(
        GetUserPolicyRequest.builder().userName("ann").policyName("q").build(),
        "NoSuchEntity",
        "The user policy with name q cannot be found.");
    String large = POLICY.replace("s3:*", "s3:" + "x".repeat(2048));
    fails(
        put.policyName("large").policyDocument(large).build(),
        "LimitExceeded",
        "Maximum policy size of 2048 bytes exceeded for user ann");
    assertThatThrownBy(() -> f.call(admin, put.policyDocument("{}").build()))
        .isInstanceOfSatisfying(
            ApiError.class, e -> assertThat(e.code()).isEqualTo("MalformedPolicyDocument"));
  }

  @Test
  void managedPoliciesHaveFiveVersionsAndOneInForce() {
    var created =
        f.call(
            admin,
            CreatePolicyRequest.builder().policyName("m").policyDocument(POLICY).build(),
            CreatePolicyResponse.class);
    String arn = Objects.requireNonNull(Objects.requireNonNull(created.policy()).arn());
    fails(
        CreatePolicyRequest.builder().policyName("M").policyDocument(POLICY).build(),
        "EntityAlreadyExists",
        "A policy called M already exists. Duplicate names are not allowed.");
    var version =
        CreatePolicyVersionRequest.builder()
            .policyArn(arn)
            .policyDocument(POLICY)
            .setAsDefault(true)
            .build();
    for (int i = 2; i <= 5; i++) {
      f.call(admin, version);
    }
    assertThatThrownBy(() -> f.call(admin, version))
        .hasMessageStartingWith("A managed policy can have up to 5 versions.");
    fails(
        DeletePolicyVersionRequest.builder().policyArn(arn).versionId("v5").build(),
        "DeleteConflict",
        "Cannot delete the default version of a policy.");
    f.call(admin, SetDefaultPolicyVersionRequest.builder().policyArn(arn).versionId("v1").build());
    f.call(admin, DeletePolicyVersionRequest.builder().policyArn(arn).versionId("v5").build());
    f.call(admin, AttachUserPolicyRequest.builder().userName("ann").policyArn(arn).build());
    var entities =
        f.call(
            admin,
            ListEntitiesForPolicyRequest.builder().policyArn(arn).build(),
            ListEntitiesForPolicyResponse.class);
    assertThat(entities.policyUsers()).extracting(PolicyUser::userName).containsExactly("ann");
    var delete = DeletePolicyRequest.builder().policyArn(arn).build();
    fails(delete, "DeleteConflict", "Cannot delete a policy attached to entities.");
    f.call(admin, DetachUserPolicyRequest.builder().userName("ann").policyArn(arn).build());
    assertThatThrownBy(() -> f.call(admin, delete)).hasMessageContaining("more than one version");
    for (String id : List.of("v2", "v3", "v4")) {
      f.call(admin, DeletePolicyVersionRequest.builder().policyArn(arn).versionId(id).build());
    }
    f.call(admin, delete);
    fails(
        GetPolicyRequest.builder().policyArn(arn).build(),
        "NoSuchEntity",
        "Policy " + arn + " was not found.");
  }

  @Test
  void policiesOfAwsAreThereToAttachAndNotToChange() {
    String arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy";
    f.call(admin, AttachUserPolicyRequest.builder().userName("ann").policyArn(arn).build());
    var policy =
        f.call(admin, GetPolicyRequest.builder().policyArn(arn).build(), GetPolicyResponse.class);
    assertThat(Objects.requireNonNull(policy.policy()).attachmentCount()).isEqualTo(1);
    assertThatThrownBy(() -> f.call(admin, DeletePolicyRequest.builder().policyArn(arn).build()))
        .isInstanceOfSatisfying(
            ApiError.class, e -> assertThat(e.code()).isEqualTo("InvalidInput"));
    fails(
        AttachUserPolicyRequest.builder()
            .userName("ann")
            .policyArn("arn:aws:iam::aws:policy/NoSuch")
            .build(),
        "NoSuchEntity",
        "Policy arn:aws:iam::aws:policy/NoSuch does not exist or is not attachable.");
    var own =
        f.call(
            admin,
            ListPoliciesRequest.builder().scope("Local").build(),
            ListPoliciesResponse.class);
    assertThat(own.policies()).isEmpty();
    var attached =
        f.call(
            admin,
            ListPoliciesRequest.builder().onlyAttached(true).build(),
            ListPoliciesResponse.class);
    assertThat(attached.policies()).hasSize(2);
  }

  @Test
  void whatIsNoArnOfAPolicyIsInvalid() {
    String arn = "arn:aws:iam::aws:policy/AdministratorAccess";
    for (String odd :
        List.of(
            arn.replace(":policy/", ":role/"),
            arn.replace("iam::", "iam:us-east-1:"),
            arn.replace("arn:aws:", "arn:aws-cn:"))) {
      String text = "ARN " + odd + " is not valid.";
      fails(GetPolicyRequest.builder().policyArn(odd).build(), "InvalidInput", text);
      fails(
          AttachUserPolicyRequest.builder().userName("ann").policyArn(odd).build(),
          "InvalidInput",
          text);
      fails(
          CreateUserRequest.builder().userName("ben").permissionsBoundary(odd).build(),
          "InvalidInput",
          text);
    }
    f.call(admin, AttachUserPolicyRequest.builder().userName("ann").policyArn(arn).build());
  }

  @Test
  void listsComeInPages() {
    for (int i = 0; i < 5; i++) {
      f.call(admin, CreateUserRequest.builder().userName("u" + i).path("/p/").build());
    }
    var names = new ArrayList<String>();
    @Nullable String marker = null;
    do {
      var page =
          f.call(
              admin,
              ListUsersRequest.builder().pathPrefix("/p/").maxItems(2).marker(marker).build(),
              ListUsersResponse.class);
      page.users().forEach(user -> names.add(user.userName()));
      marker = page.marker();
    } while (marker != null);
    assertThat(names).containsExactly("u0", "u1", "u2", "u3", "u4");
    fails(
        ListUsersRequest.builder().marker("nonsense").build(),
        "ValidationError",
        "Invalid Marker.");
  }

  @Test
  void namesThatDifferByCaseAloneAreBothListed() {
    for (String name : List.of("read", "Read", "b", "z")) {
      f.call(
          admin,
          PutUserPolicyRequest.builder()
              .userName("ann")
              .policyName(name)
              .policyDocument(POLICY)
              .build());
    }
    var names = new ArrayList<String>();
    @Nullable String marker = null;
    do {
      var page =
          f.call(
              admin,
              ListUserPoliciesRequest.builder().userName("ann").maxItems(1).marker(marker).build(),
              ListUserPoliciesResponse.class);
      names.addAll(page.policyNames());
      marker = page.marker();
    } while (marker != null);
    assertThat(names).containsExactly("b", "Read", "read", "z");
  }

  @Test
  void rolesKeepTheirSettingsAndTags() {
    String trust =
        "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Principal\":"
            + "{\"Service\":\"ecs-tasks.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}}";
    f.call(
        admin, CreateRoleRequest.builder().roleName("r").assumeRolePolicyDocument(trust).build());
    f.call(
        admin,
        UpdateRoleRequest.builder()
            .roleName("r")
            .description("does things")
            .maxSessionDuration(7200)
            .build());
    f.call(
        admin,
        TagRoleRequest.builder()
            .roleName("r")
            .tags(List.of(Tag.builder().key("environment").value("dev").build()))
            .build());
    var role =
        f.call(admin, GetRoleRequest.builder().roleName("r").build(), GetRoleResponse.class).role();
    assertThat(role.maxSessionDuration()).isEqualTo(7200);
    assertThat(role.description()).isEqualTo("does things");
    assertThat(role.tags()).extracting(Tag::value).containsExactly("dev");
    var facts = f.iam.sessions().role(role.arn()).orElseThrow();
    assertThat(facts.environment()).isEqualTo("dev");
    f.call(admin, UntagRoleRequest.builder().roleName("r").tagKeys(List.of("environment")).build());
    assertThat(
            f.call(
                    admin,
                    ListRoleTagsRequest.builder().roleName("r").build(),
                    ListRoleTagsResponse.class)
                .tags())
        .isEmpty();
    assertThatThrownBy(
            () ->
                f.call(
                    admin,
                    TagRoleRequest.builder()
                        .roleName("r")
                        .tags(List.of(Tag.builder().key("Environment").value("dev").build()))
                        .build()))
        .hasMessageContaining("write the tag key as `environment`");
    f.call(admin, DeleteRoleRequest.builder().roleName("r").build());
    assertThat(f.iam.sessions().role(role.arn())).isEmpty();
  }

  @Test
  void otherAccountsSeeNothing() {
    var other = f.iam.accounts().create();
    Principal stranger = f.principal(other.credentials());
    assertThatThrownBy(() -> f.call(stranger, GetUserRequest.builder().userName("ann").build()))
        .isInstanceOfSatisfying(
            ApiError.class, e -> assertThat(e.code()).isEqualTo("NoSuchEntity"));
    assertThatThrownBy(
            () ->
                f.call(
                    stranger,
                    GetPolicyRequest.builder()
                        .policyArn("arn:aws:iam::" + f.account + ":policy/m")
                        .build()))
        .isInstanceOfSatisfying(
            ApiError.class, e -> assertThat(e.code()).isEqualTo("AccessDenied"));
  }
}
