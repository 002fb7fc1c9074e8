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
import dev.holdfast.aws.iam.GetLoginProfileRequest;
import dev.holdfast.aws.iam.GetLoginProfileResponse;
import dev.holdfast.aws.iam.UpdateAccountPasswordPolicyRequest;
import dev.holdfast.aws.iam.UpdateLoginProfileRequest;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.service.Principal;
import org.jspecify.annotations.Nullable;

/** An administrator, a user with a key, and what both ask about the user's password. */
abstract class PasswordScene {
  static final String FIRST = "First-Pass-1";
  static final String SECOND = "Second-Pass-2";
  static final String THIRD = "Third-Pass-3";

  final Fixture f = new Fixture();
  final Principal admin = f.administrator();
  final Credentials key = user("ann");
  final Principal ann = f.principal(key);

  Credentials user(String name) {
    f.call(admin, CreateUserRequest.builder().userName(name).build());
    var made =
        f.call(
                admin,
                CreateAccessKeyRequest.builder().userName(name).build(),
                CreateAccessKeyResponse.class)
            .accessKey();
    return new Credentials(made.accessKeyId(), made.secretAccessKey(), null);
  }

  static CreateLoginProfileRequest creating(@Nullable String password) {
    return CreateLoginProfileRequest.builder()
        .userName("ann")
        .password(password)
        .passwordResetRequired(true)
        .build();
  }

  static UpdateLoginProfileRequest setting(@Nullable String password) {
    return UpdateLoginProfileRequest.builder().userName("ann").password(password).build();
  }

  static ChangePasswordRequest changing(String old, String password) {
    return ChangePasswordRequest.builder().oldPassword(old).newPassword(password).build();
  }

  GetLoginProfileResponse shown() {
    return f.call(
        admin,
        GetLoginProfileRequest.builder().userName("ann").build(),
        GetLoginProfileResponse.class);
  }

  void refused(String why, Principal by, Shape request) {
    assertThatThrownBy(() -> f.call(by, request))
        .isInstanceOfSatisfying(
            ApiError.class, e -> assertThat(e.code() + ": " + e.text()).startsWith(why));
  }

  void policy(boolean usersMayChange, int maxAge, @Nullable Integer reuse, boolean hard) {
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
}
