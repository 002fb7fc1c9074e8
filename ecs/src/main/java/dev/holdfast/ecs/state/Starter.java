// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.state;

import dev.holdfast.aws.ErrorShape;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import dev.holdfast.service.Call;
import dev.holdfast.service.Guardrail;
import dev.holdfast.service.Guardrails;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who has tasks started: a call, or a service that keeps them running. */
public interface Starter {
  AccountId account();

  Region region();

  Instant now();

  /** The environment that the caller belongs to, or null. */
  @Nullable String environment();

  /**
   * Acts on a guardrail's violation: notes it where the rule teaches.
   *
   * @param resource what it is about, such as an image; may be empty
   * @throws dev.holdfast.aws.ApiError where the rule enforces
   */
  void violated(Guardrail rule, ErrorShape error, String resource, String text);

  /** As {@link #violated(Guardrail, ErrorShape, String, String)}, about the call as a whole. */
  default void violated(Guardrail rule, ErrorShape error, String text) {
    violated(rule, error, "", text);
  }

  /** What guardrails said so far. */
  List<String> notes();

  /** What is started is the call's own doing. */
  static Starter of(Call call, Guardrails guardrails) {
    return new Caller(call, guardrails);
  }

  /** A call. */
  record Caller(Call call, Guardrails guardrails) implements Starter {
    @Override
    public AccountId account() {
      return call.account();
    }

    @Override
    public Region region() {
      return call.region();
    }

    @Override
    public Instant now() {
      return call.now();
    }

    @Override
    public @Nullable String environment() {
      return call.principal().environment();
    }

    @Override
    public void violated(Guardrail rule, ErrorShape error, String resource, String text) {
      guardrails.violated(call, rule, error, resource, text);
    }

    @Override
    public List<String> notes() {
      return call.record().notes();
    }
  }
}
