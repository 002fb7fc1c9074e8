// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.Shape;
import dev.holdfast.aws.iam.ChangePasswordRequest;
import dev.holdfast.aws.iam.CreateAccessKeyRequest;
import dev.holdfast.aws.iam.CreateAccessKeyResponse;
import dev.holdfast.aws.iam.CreateLoginProfileRequest;
import dev.holdfast.aws.iam.CreateUserRequest;
import dev.holdfast.aws.iam.DeleteUserPolicyRequest;
import dev.holdfast.aws.iam.GetLoginProfileRequest;
import dev.holdfast.aws.iam.GetLoginProfileResponse;
import dev.holdfast.aws.iam.PutUserPolicyRequest;
import dev.holdfast.aws.iam.UpdateAccountPasswordPolicyRequest;
import dev.holdfast.aws.iam.UpdateLoginProfileRequest;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.service.Principal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Users who set their own passwords. */
final class ChangePasswordTest {
  private static final String FIRST = "First-Pass-1";
  private static final String SECOND = "Second-Pass-2";
  private static final String THIRD = "Third-Pass-3";

  private final Fixture f = new Fixture();
  private final Principal admin = f.administrator();
  private final Credentials key = user("ann");
  private final Principal ann = f.principal(key);

  private Credentials user(String name) {
    f.call(admin, CreateUserRequest.builder().userName(name).build());
    var made =
        f.call(
                admin,
                CreateAccessKeyRequest.builder().userName(name).build(),
                CreateAccessKeyResponse.class)
            .accessKey();
    return new Credentials(made.accessKeyId(), made.secretAccessKey(), null);
  }

  private void allow(String effect) {
    f.call(
        admin,
        PutUserPolicyRequest.builder()
            .userName("ann")
            .policyName("own")
            .policyDocument(
                """
                {"Version":"2012-10-17","Statement":[{"Effect":"%s","Action":"iam:ChangePassword",
                "Resource":"arn:aws:iam::*:user/${aws:username}"}]}"""
                    .formatted(effect))
            .build());
  }

  private static CreateLoginProfileRequest creating(@Nullable String password) {
    return CreateLoginProfileRequest.builder()
        .userName("ann")
        .password(password)
        .passwordResetRequired(true)
        .build();
  }

  private static UpdateLoginProfileRequest setting(@Nullable String password) {
    return UpdateLoginProfileRequest.builder().userName("ann").password(password).build();
  }

  private static ChangePasswordRequest changing(String old, String password) {
    return ChangePasswordRequest.builder().oldPassword(old).newPassword(password).build();
  }

  private GetLoginProfileResponse shown() {
    return f.call(
        admin,
        GetLoginProfileRequest.builder().userName("ann").build(),
        GetLoginProfileResponse.class);
  }

  private void refused(String why, Principal by, Shape request) {
    assertThatThrownBy(() -> f.call(by, request))
        .isInstanceOfSatisfying(
            ApiError.class, e -> assertThat(e.code() + ": " + e.text()).startsWith(why));
  }

  private void policy(boolean usersMayChange, int maxAge, @Nullable Integer reuse, boolean hard) {
    f.call(
        admin,
        UpdateAccountPasswordPolicyRequest.builder()
            .minimumPasswordLength(10)
            .requireUppercaseCharacters(true)
            .allowUsersToChangePassword(usersMayChange)
            .maxPasswordAge(maxAge == 0 ? null : maxAge)
            .passwordReusePrevention(reuse)
            .hardExpiry(hard)
            .build());
  }

  @Test
  void aUserChangesItsOwnWhereSomethingAllowsIt() {
    f.call(admin, creating(FIRST));
    refused("AccessDenied: User: ", ann, changing(FIRST, SECOND));
    allow("Allow");
    f.call(ann, changing(FIRST, SECOND));
    assertThat(shown().loginProfile().passwordResetRequired()).isFalse();
    f.call(admin, DeleteUserPolicyRequest.builder().userName("ann").policyName("own").build());
    refused("AccessDenied: User: ", ann, changing(SECOND, THIRD));
    policy(true, 0, null, false);
    f.call(ann, changing(SECOND, THIRD));
    allow("Deny");
    refused("AccessDenied: User: ", ann, changing(THIRD, FIRST));
  }

  @Test
  void onlyAUserWithAPasswordChangesOne() {
    allow("Allow");
    refused(
        "NoSuchEntity: Login Profile for User ann cannot be found.", ann, changing(FIRST, SECOND));
    f.call(admin, creating(FIRST));
    refused("AccessDenied: The old password was incorrect.", ann, changing(SECOND, THIRD));
    f.call(ann, changing(FIRST, SECOND));
  }

  @Test
  void wrongPasswordsAreLookedAtEverMoreSeldom() {
    allow("Allow");
    f.call(admin, creating(FIRST));
    for (int i = 0; i < 5; i++) {
      refused("AccessDenied: The old password was incorrect.", ann, changing(SECOND, THIRD));
    }
    refused(
        "AccessDenied: The old password was incorrect too often: wait, then try again.",
        ann,
        changing(FIRST, SECOND));
    f.pass(Duration.ofSeconds(30));
    f.call(ann, changing(FIRST, SECOND));
  }

  @Test
  void aPasswordThatEndedIsChangedByItsUserUnlessThePolicyIsHard() {
    policy(true, 30, null, true);
    f.call(admin, creating(FIRST));
    f.pass(Duration.ofDays(30).minusSeconds(1));
    f.call(ann, changing(FIRST, SECOND));
    f.pass(Duration.ofDays(30));
    refused("AccessDenied: The password has expired: ", ann, changing(SECOND, THIRD));
    policy(true, 30, null, false);
    f.call(ann, changing(SECOND, THIRD));
    policy(true, 30, null, true);
    f.pass(Duration.ofDays(30));
    f.call(admin, setting(FIRST));
    f.call(ann, changing(FIRST, SECOND));
  }
}
