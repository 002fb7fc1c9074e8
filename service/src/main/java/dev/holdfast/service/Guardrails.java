// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.ErrorShape;
import java.util.List;
import java.util.function.Consumer;

/** The guardrails of an installation in the modes its profile gives them. */
public final class Guardrails {
  /** Every rule there is. */
  public static final List<Guardrail> ALL =
      List.of(
          Guardrail.CLASSIFIED_DATA,
          Guardrail.IMAGE_TRUSTED,
          Guardrail.IMAGE_UNCHANGED,
          Guardrail.ENVIRONMENT_LEAK);

  private final Profile profile;

  public Guardrails(Profile profile) {
    this.profile = profile;
  }

  public Profile profile() {
    return profile;
  }

  public Guardrail.Mode mode(Guardrail rule) {
    return switch (profile) {
      case DEV -> Guardrail.Mode.TEACH;
      case STANDARD -> Guardrail.Mode.ENFORCE;
    };
  }

  /**
   * Acts on a violation: noted on the call where the rule teaches, an error where it enforces.
   *
   * @param text what is wrong and the way out
   * @throws ApiError {@code error} with the rule's name and the text
   */
  public void violated(Call call, Guardrail rule, ErrorShape error, String text) {
    violated(call.record()::note, rule, error, text);
  }

  /** As {@link #violated(Call, Guardrail, ErrorShape, String)}, where no call is the cause. */
  public void violated(Consumer<String> noted, Guardrail rule, ErrorShape error, String text) {
    String verdict = rule.id() + ": " + text;
    switch (mode(rule)) {
      case TEACH -> noted.accept("teach " + verdict);
      case ENFORCE -> {
        noted.accept("refuse " + verdict);
        throw new ApiError(error, text + " (guardrail " + rule.id() + ")");
      }
    }
  }
}
