// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.iam.DeleteUserPolicyRequest;
import dev.holdfast.aws.iam.PutUserPolicyRequest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Users who set their own passwords. */
final class ChangePasswordTest extends PasswordScene {
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
