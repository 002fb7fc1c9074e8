// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.ErrorShape;
import org.junit.jupiter.api.Test;

class GuardrailsTest {
  private static final ErrorShape ERROR = new ErrorShape("InvalidParameterException", 400);

  @Test
  void devTeaches() {
    Call call = TestCall.by("a");
    new Guardrails(Profile.DEV).violated(call, Guardrail.IMAGE_TRUSTED, ERROR, "push it here");
    assertThat(call.record().notes()).containsExactly("teach image-trusted: push it here");
  }

  @Test
  void standardEnforces() {
    Call call = TestCall.by("a");
    var guardrails = new Guardrails(Profile.STANDARD);
    assertThatThrownBy(
            () -> guardrails.violated(call, Guardrail.IMAGE_TRUSTED, ERROR, "push it here"))
        .isInstanceOfSatisfying(
            ApiError.class,
            e -> {
              assertThat(e.shape()).isEqualTo(ERROR);
              assertThat(e.text()).isEqualTo("push it here (guardrail image-trusted)");
            });
    assertThat(call.record().notes()).containsExactly("refuse image-trusted: push it here");
  }

  @Test
  void everyRuleHasAModeInEveryProfile() {
    for (Profile profile : Profile.values()) {
      assertThat(Guardrails.ALL)
          .allSatisfy(rule -> assertThat(new Guardrails(profile).mode(rule)).isNotNull());
    }
  }
}
