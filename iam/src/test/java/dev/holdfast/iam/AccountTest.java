// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.Empty;
import dev.holdfast.aws.Shape;
import dev.holdfast.aws.iam.*;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.service.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is of the account as a whole, and instance profiles. */
final class AccountTest {
  private static final String TRUST =
      "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":"
          + "\"ec2.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}";

  private final Fixture f = new Fixture();

  private Shape admin(Shape request) {
    return f.call(f.administrator(), request);
  }

  private <O extends Shape> O admin(Shape request, Class<O> output) {
    return f.call(f.administrator(), request, output);
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
  void anAccountHasOneAliasThatNoOtherHas() {
    admin(CreateAccountAliasRequest.builder().accountAlias("shop").build());
    admin(CreateAccountAliasRequest.builder().accountAlias("shop-two").build());
    assertThat(
            admin(ListAccountAliasesRequest.builder().build(), ListAccountAliasesResponse.class)
                .accountAliases())
        .containsExactly("shop-two");
    var other = f.iam.accounts().create();
    Principal stranger = f.principal(other.credentials());
    assertThatThrownBy(
            () ->
                f.call(
                    stranger, CreateAccountAliasRequest.builder().accountAlias("shop-two").build()))
        .hasMessageContaining("The account alias shop-two already exists.");
    assertThatThrownBy(
            () ->
                f.call(
                    stranger,
                    CreateAccountAliasRequest.builder().accountAlias("210987654321").build()))
        .isInstanceOfSatisfying(
            ApiError.class, e -> assertThat(e.code()).isEqualTo("ValidationError"))
        .hasMessageContaining("twelve digits");
    assertThatThrownBy(
            () -> f.iam.accounts().create(f.call(f.administrator(), "iam"), "210987654321"))
        .hasMessageContaining("twelve digits");
    f.call(stranger, CreateAccountAliasRequest.builder().accountAlias("2109876543210").build());
    f.call(stranger, CreateAccountAliasRequest.builder().accountAlias("shop").build());
    fails(
        DeleteAccountAliasRequest.builder().accountAlias("shop").build(),
        "NoSuchEntity",
        "The account alias with name shop cannot be found.");
    admin(DeleteAccountAliasRequest.builder().accountAlias("shop-two").build());
  }

  @Test
  void aPasswordPolicyTakesDefaultsForWhatIsNotGiven() {
    admin(
        UpdateAccountPasswordPolicyRequest.builder()
            .minimumPasswordLength(14)
            .requireNumbers(true)
            .maxPasswordAge(90)
            .build());
    admin(UpdateAccountPasswordPolicyRequest.builder().requireSymbols(true).build());
    var get = f.named("GetAccountPasswordPolicy", GetAccountPasswordPolicyResponse.class);
    PasswordPolicy policy = Objects.requireNonNull(get.passwordPolicy());
    assertThat(policy.minimumPasswordLength()).isEqualTo(6);
    assertThat(policy.requireSymbols()).isTrue();
    assertThat(policy.requireNumbers()).isFalse();
    assertThat(policy.expirePasswords()).isFalse();
    assertThat(policy.maxPasswordAge()).isNull();
    f.named("DeleteAccountPasswordPolicy", Empty.class);
    assertThatThrownBy(() -> f.named("DeleteAccountPasswordPolicy", Empty.class))
        .hasMessageContaining("The account policy with name PasswordPolicy cannot be found.");
    assertThatThrownBy(() -> f.named("GetAccountPasswordPolicy", Empty.class))
        .hasMessageContaining(
            "The Password Policy with domain name " + f.account + " cannot be found.");
  }

  @Test
  void countsWhatThereIs() {
    admin(CreateRoleRequest.builder().roleName("vm").assumeRolePolicyDocument(TRUST).build());
    var summary = f.named("GetAccountSummary", GetAccountSummaryResponse.class).summaryMap();
    assertThat(summary)
        .containsEntry("Users", 1)
        .containsEntry("Roles", 1)
        .containsEntry("Policies", 0)
        .containsEntry("AccessKeysPerUserQuota", 2);
  }

  @Test
  void anInstanceProfileHasOneRole() {
    admin(CreateRoleRequest.builder().roleName("vm").assumeRolePolicyDocument(TRUST).build());
    admin(CreateRoleRequest.builder().roleName("vm2").assumeRolePolicyDocument(TRUST).build());
    var made =
        admin(
                CreateInstanceProfileRequest.builder()
                    .instanceProfileName("p")
                    .path("/team/")
                    .tags(List.of(Tag.builder().key("a").value("1").build()))
                    .build(),
                CreateInstanceProfileResponse.class)
            .instanceProfile();
    assertThat(made.arn()).isEqualTo("arn:aws:iam::" + f.account + ":instance-profile/team/p");
    assertThat(made.instanceProfileId()).startsWith("AIPA");
    fails(
        CreateInstanceProfileRequest.builder().instanceProfileName("P").build(),
        "EntityAlreadyExists",
        "Instance Profile P already exists.");
    admin(add("vm"));
    fails(
        add("vm2"),
        "LimitExceeded",
        "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1");
    var shown =
        admin(
                GetInstanceProfileRequest.builder().instanceProfileName("p").build(),
                GetInstanceProfileResponse.class)
            .instanceProfile();
    assertThat(shown.roles()).extracting(Role::roleName).containsExactly("vm");
    assertThat(shown.tags()).hasSize(1);
    assertThat(
            admin(
                    ListInstanceProfilesForRoleRequest.builder().roleName("vm").build(),
                    ListInstanceProfilesForRoleResponse.class)
                .instanceProfiles())
        .hasSize(1);
    String must = "Cannot delete entity, must remove roles from instance profile first.";
    fails(DeleteRoleRequest.builder().roleName("vm").build(), "DeleteConflict", must);
    var delete = DeleteInstanceProfileRequest.builder().instanceProfileName("p").build();
    fails(delete, "DeleteConflict", must);
    var remove =
        RemoveRoleFromInstanceProfileRequest.builder()
            .instanceProfileName("p")
            .roleName("vm")
            .build();
    admin(remove);
    fails(remove, "NoSuchEntity", "The role with name vm cannot be found.");
    admin(delete);
    assertThat(
            admin(ListInstanceProfilesRequest.builder().build(), ListInstanceProfilesResponse.class)
                .instanceProfiles())
        .isEmpty();
    fails(delete, "NoSuchEntity", "Instance Profile p cannot be found.");
  }

  private static AddRoleToInstanceProfileRequest add(String role) {
    return AddRoleToInstanceProfileRequest.builder()
        .instanceProfileName("p")
        .roleName(role)
        .build();
  }

  private Principal user(String name) {
    admin(
        CreateUserRequest.builder()
            .userName(name)
            .tags(List.of(Tag.builder().key("team").value("a").build()))
            .build());
    var key =
        admin(
                CreateAccessKeyRequest.builder().userName(name).build(),
                CreateAccessKeyResponse.class)
            .accessKey();
    keys = new Credentials(key.accessKeyId(), key.secretAccessKey(), null);
    return f.principal(keys);
  }

  private Credentials keys = new Credentials("none", "none", null);

  @Test
  void tellsWhenAKeyWasLastUsed() {
    user("ann");
    var request = GetAccessKeyLastUsedRequest.builder().accessKeyId(keys.accessKeyId()).build();
    f.iam.keepLastUses(f.now);
    var used = admin(request, GetAccessKeyLastUsedResponse.class);
    assertThat(used.userName()).isEqualTo("ann");
    var last = Objects.requireNonNull(used.accessKeyLastUsed());
    assertThat(last.serviceName()).isEqualTo("sts");
    assertThat(last.region()).isEqualTo("us-east-1");
    assertThat(last.lastUsedDate()).isEqualTo(f.now);
    f.pass(Duration.ofDays(401));
    f.iam.keepLastUses(f.now);
    var forgotten =
        Objects.requireNonNull(
            admin(request, GetAccessKeyLastUsedResponse.class).accessKeyLastUsed());
    assertThat(forgotten.serviceName()).isEqualTo("N/A");
    assertThatThrownBy(
            () ->
                admin(
                    GetAccessKeyLastUsedRequest.builder()
                        .accessKeyId("AKIAAAAAAAAAAAAAAAAA")
                        .build()))
        .hasMessageContaining("on resource: access key AKIAAAAAAAAAAAAAAAAA");
  }

  @Test
  void tellsEverythingThatAnAccountHolds() {
    user("ann");
    admin(CreateRoleRequest.builder().roleName("vm").assumeRolePolicyDocument(TRUST).build());
    admin(
        CreatePolicyRequest.builder()
            .policyName("own")
            .policyDocument(
                "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"a:b\",\"Resource\":\"*\"}}")
            .build());
    var all =
        admin(
            GetAccountAuthorizationDetailsRequest.builder().build(),
            GetAccountAuthorizationDetailsResponse.class);
    assertThat(all.userDetailList())
        .extracting(UserDetail::userName)
        .containsExactly("administrator", "ann");
    assertThat(all.roleDetailList()).extracting(RoleDetail::roleName).contains("vm");
    assertThat(all.policies())
        .extracting(ManagedPolicyDetail::policyName)
        .containsExactly("own", "AdministratorAccess");
    assertThat(all.policies().getFirst().policyVersionList().getFirst().document())
        .startsWith("%7B");
    var page =
        admin(
            GetAccountAuthorizationDetailsRequest.builder()
                .filter(List.of("User"))
                .maxItems(1)
                .build(),
            GetAccountAuthorizationDetailsResponse.class);
    assertThat(page.isTruncated()).isTrue();
    assertThat(page.roleDetailList()).isEmpty();
  }
}
