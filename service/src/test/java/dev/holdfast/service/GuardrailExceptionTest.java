// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.ErrorShape;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import dev.holdfast.store.Database;
import dev.holdfast.store.Tx;
import dev.holdfast.store.memory.MemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A guardrail is lowered for something, for a time, and rises by itself. */
class GuardrailExceptionTest {
  private static final ErrorShape ERROR = new ErrorShape("InvalidParameterException", 400);

  private final State state = new State(new Database(new MemoryStore()));
  private final GuardrailExceptions exceptions = GuardrailExceptions.open(state);
  private final List<AuditEvent> events = new ArrayList<>();
  private final AuditLog log =
      new AuditLog() {
        @Override
        public void stage(Tx tx, AccountId account, Region region, AuditEvent event) {
          events.add(event);
        }

        @Override
        public void append(AccountId account, Region region, AuditEvent event) {}
      };
  private final Call call = by("a");
  private Instant now = call.now();
  private final Guardrails guardrails = new Guardrails(Profile.STANDARD, exceptions, () -> now);

  private Call by(String user) {
    Call made = TestCall.by(user);
    return new Call(
        made.id(),
        made.principal(),
        made.region(),
        made.now(),
        made.origin(),
        made.via(),
        new CallRecord(log, "event", "holdfast.internal", "LowerGuardrail"));
  }

  private GuardrailException exception(
      String id, @Nullable String resource, @Nullable String principal, Duration lasting) {
    return new GuardrailException(
        id,
        call.account(),
        "image-trusted",
        resource,
        principal,
        call.now(),
        call.now().plus(lasting),
        "trial");
  }

  private void run(String image) {
    guardrails.violated(call, Guardrail.IMAGE_TRUSTED, ERROR, image, "push it here");
  }

  @Test
  void whatIsExceptedPassesWithAWarningAndNothingElseDoes() {
    exceptions.add(call, exception("e1", "docker.io/library/*", null, Duration.ofHours(1)));
    run("docker.io/library/nginx:1");
    assertThat(call.record().notes())
        .containsExactly("warn image-trusted: push it here (exception e1)");
    assertThatThrownBy(() -> run("ghcr.io/x/y:1")).isInstanceOf(ApiError.class);
    assertThatThrownBy(
            () ->
                guardrails.violated(
                    call, Guardrail.IMAGE_UNCHANGED, ERROR, "docker.io/library/nginx:1", "moved"))
        .as("another guardrail")
        .isInstanceOf(ApiError.class);
  }

  /** A call may name several: what one of them is excepted from, the others are not. */
  @Test
  void anExceptionForOneResourceIsNotForAnotherOfTheSameCall() {
    exceptions.add(call, exception("e1", "arn:*:parameter/public", null, Duration.ofHours(1)));
    call.record().touched("arn:aws:ssm:eu-central-1:123456789012:parameter/public");
    call.record().touched("arn:aws:ssm:eu-central-1:123456789012:parameter/secret");
    run("arn:aws:ssm:eu-central-1:123456789012:parameter/public");
    assertThatThrownBy(() -> run("arn:aws:ssm:eu-central-1:123456789012:parameter/secret"))
        .isInstanceOf(ApiError.class);
  }

  /** Where no resource is named the call is meant as a whole: one of several does not excuse it. */
  @Test
  void anExceptionForOneResourceIsNotForTheWholeCall() {
    exceptions.add(call, exception("e1", "arn:*:parameter/public*", null, Duration.ofHours(1)));
    assertThatThrownBy(() -> run(""))
        .as("a call that touches nothing")
        .isInstanceOf(ApiError.class);
    call.record().touched("arn:aws:ssm:eu-central-1:123456789012:parameter/public");
    call.record().touched("arn:aws:ssm:eu-central-1:123456789012:parameter/public/2");
    run("");
    call.record().touched("arn:aws:ssm:eu-central-1:123456789012:parameter/secret");
    assertThatThrownBy(() -> run("")).isInstanceOf(ApiError.class);
    exceptions.add(
        call, exception("e2", null, call.principal().arn().toString(), Duration.ofHours(1)));
    run("");
  }

  @Test
  void anExceptionForSomebodyIsForNobodyElse() {
    exceptions.add(
        call, exception("e1", null, call.principal().arn().toString(), Duration.ofHours(1)));
    run("ghcr.io/x/y:1");
    Call other = by("b");
    assertThatThrownBy(
            () -> guardrails.violated(other, Guardrail.IMAGE_TRUSTED, ERROR, "ghcr.io/x/y:1", "no"))
        .isInstanceOf(ApiError.class);
  }

  @Test
  void itRisesByItselfAndAClockThatGoesBackDoesNotLowerIt() {
    exceptions.add(call, exception("e1", "*", null, Duration.ofHours(1)));
    now = call.now().plus(Duration.ofHours(1)).minusMillis(1);
    run("x");
    now = call.now().plus(Duration.ofHours(1));
    assertThatThrownBy(() -> run("x")).isInstanceOf(ApiError.class);
    now = call.now().minusMillis(1);
    assertThatThrownBy(() -> run("x")).isInstanceOf(ApiError.class);
  }

  @Test
  void itsEndIsRecordedOnce() {
    exceptions.add(call, exception("e1", "*", null, Duration.ofHours(1)));
    exceptions.add(call, exception("e2", "*", null, Duration.ofHours(2)));
    events.clear();
    Instant end = call.now().plus(Duration.ofHours(1));
    assertThat(exceptions.expire(log, end)).isEqualTo(1);
    assertThat(exceptions.expire(log, end)).isZero();
    assertThat(events).extracting(AuditEvent::name).containsExactly("GuardrailRaised");
    assertThat(exceptions.holding(call.now()))
        .extracting(GuardrailException::id)
        .containsExactly("e2");
  }

  @Test
  void exceptionsOutliveARestartUntilTheyAreEnded() {
    exceptions.add(call, exception("e1", "*", null, Duration.ofHours(1)));
    GuardrailExceptions again = GuardrailExceptions.open(state);
    assertThat(again.holding(now)).hasSize(1);
    assertThat(again.end(by("a"), "e2")).isEmpty();
    assertThat(again.end(by("a"), "e1")).isPresent();
    assertThat(again.holding(now)).isEmpty();
    assertThat(GuardrailExceptions.open(state).holding(now)).isEmpty();
  }

  @Test
  void whatCannotBeMeantIsRefused() {
    for (GuardrailException wrong :
        List.of(
            exception("e", null, null, Duration.ofHours(1)),
            exception("e", "*", null, Duration.ZERO),
            exception("e", "*", null, GuardrailExceptions.LONGEST.plusSeconds(1)),
            exception("e", "x".repeat(513), null, Duration.ofHours(1)),
            exception("e", "a\nb", null, Duration.ofHours(1)),
            new GuardrailException(
                "e",
                call.account(),
                "no-such",
                "*",
                null,
                now,
                now.plus(Duration.ofHours(1)),
                "why"),
            new GuardrailException(
                "e",
                call.account(),
                "image-trusted",
                "*",
                null,
                now,
                now.plus(Duration.ofHours(1)),
                " "))) {
      assertThatThrownBy(() -> exceptions.add(call, wrong))
          .as("%s", wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(exceptions.holding(now)).isEmpty();
    exceptions.add(call, exception("e", "*", null, GuardrailExceptions.LONGEST));
  }

  @Test
  void thereAreOnlySoMany() {
    for (int i = 0; i < GuardrailExceptions.MOST; i++) {
      exceptions.add(call, exception("e" + i, "*", null, Duration.ofHours(1)));
    }
    assertThatThrownBy(
            () -> exceptions.add(call, exception("more", "*", null, Duration.ofHours(1))))
        .hasMessageContaining("100 exceptions already");
  }

  @ParameterizedTest
  @CsvSource({
    "a*, abc, true",
    "a*c, abc, true",
    "*b*, abc, true",
    "a*d, abc, false",
    "abc, abc, true",
    "abc, abcd, false",
    "*, '', true",
    "a*a, a, false",
  })
  void patternsMatch(String pattern, String text, boolean matches) {
    assertThat(GuardrailException.matches(pattern, text)).isEqualTo(matches);
  }
}
