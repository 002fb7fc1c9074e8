// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.iam.CreateLoginProfileResponse;
import dev.holdfast.aws.iam.DeleteAccessKeyRequest;
import dev.holdfast.aws.iam.DeleteLoginProfileRequest;
import dev.holdfast.aws.iam.DeleteUserRequest;
import dev.holdfast.aws.iam.GenerateCredentialReportResponse;
import dev.holdfast.aws.iam.GetCredentialReportResponse;
import dev.holdfast.aws.iam.GetLoginProfileRequest;
import dev.holdfast.aws.iam.UpdateUserRequest;
import dev.holdfast.iam.model.IamTables;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Passwords, and the account's policy on them. */
final class LoginProfileTest extends PasswordScene {
  @Test
  void aProfileIsMadeShownAndTakenAway() {
    String none = "NoSuchEntity: Login Profile for User ann cannot be found.";
    refused(none, admin, GetLoginProfileRequest.builder().userName("ann").build());
    refused(none, admin, setting(FIRST));
    refused("ValidationError: ", admin, creating(null));
    var made = f.call(admin, creating(FIRST), CreateLoginProfileResponse.class).loginProfile();
    assertThat(made.userName()).isEqualTo("ann");
    assertThat(made.passwordResetRequired()).isTrue();
    refused(
        "EntityAlreadyExists: Login Profile for user ann already exists.", admin, creating(FIRST));
    assertThat(shown().loginProfile()).isEqualTo(made);
    f.call(
        admin,
        DeleteAccessKeyRequest.builder().userName("ann").accessKeyId(key.accessKeyId()).build());
    refused(
        "DeleteConflict: Cannot delete entity, must delete login profile first.",
        admin,
        DeleteUserRequest.builder().userName("ann").build());
    f.call(admin, UpdateUserRequest.builder().userName("ann").newUserName("eve").build());
    f.call(admin, DeleteLoginProfileRequest.builder().userName("eve").build());
    f.call(admin, DeleteUserRequest.builder().userName("eve").build());
  }

  @Test
  void whatIsKeptIsNotThePassword() {
    f.call(admin, creating(FIRST));
    String stored =
        f.state.read(
            view -> {
              var profile = view.list(IamTables.LOGIN_PROFILES, f.account).getFirst();
              return profile.toString() + profile.current() + profile.former();
            });
    assertThat(stored).doesNotContain(FIRST).doesNotContainPattern("[0-9a-f]{16}");
  }

  @Test
  void anAccountWithoutAPolicyAsksForWhatAwsAsks() {
    refused(
        "PasswordPolicyViolation: Password should have a minimum length of 8",
        admin,
        creating("Sh0rt-"));
    refused(
        "PasswordPolicyViolation: Password should meet 1 more of the following requirements: ",
        admin,
        creating("only-lower"));
    f.call(admin, creating("Lower-and-upper"));
  }

  @Test
  void aPolicyHoldsForEachPasswordThatIsSet() {
    policy(true, 0, 2, false);
    refused(
        "PasswordPolicyViolation: Password should have at least one uppercase letter",
        admin,
        creating("lower-pass-1"));
    f.call(admin, creating(FIRST));
    refused(
        "PasswordPolicyViolation: Password should have a minimum length of 10",
        admin,
        setting("Short-1"));
    String reused = "PasswordPolicyViolation: Password should not be one of the last 2 passwords";
    refused(reused, admin, setting(FIRST));
    f.call(admin, setting(SECOND));
    refused(reused, ann, changing(SECOND, FIRST));
    f.call(ann, changing(SECOND, THIRD));
    f.call(ann, changing(THIRD, FIRST));
  }

  @Test
  void theReportOnCredentialsTellsOfPasswordsAndDevices() {
    policy(false, 30, null, false);
    f.call(admin, creating(FIRST));
    f.named("GenerateCredentialReport", GenerateCredentialReportResponse.class);
    String report =
        new String(
            Objects.requireNonNull(
                f.named("GetCredentialReport", GetCredentialReportResponse.class).content()),
            StandardCharsets.UTF_8);
    assertThat(report)
        .containsPattern(
            "(?m)^ann,[^,]+,[^,]+,true,no_information,2026-11-25T12:00:00\\+00:00,"
                + "2026-12-25T12:00:00\\+00:00,false,")
        .containsPattern("(?m)^administrator,[^,]+,[^,]+,false,N/A,N/A,N/A,false,");
  }
}
