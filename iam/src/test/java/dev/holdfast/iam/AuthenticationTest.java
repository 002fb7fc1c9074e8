// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.iam.DeleteAccessKeyRequest;
import dev.holdfast.aws.iam.UpdateAccessKeyRequest;
import dev.holdfast.aws.sigv4.Authorization;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.sigv4.SignatureFault;
import dev.holdfast.aws.sigv4.SignedRequest;
import dev.holdfast.aws.sigv4.SignedRequest.Header;
import dev.holdfast.aws.sts.GetSessionTokenRequest;
import dev.holdfast.aws.sts.GetSessionTokenResponse;
import dev.holdfast.service.Principal;
import dev.holdfast.service.Profile;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class AuthenticationTest {
  private final Fixture f = new Fixture();

  private static void fails(CommonError error, ThrowingCallable code) {
    assertThatThrownBy(code)
        .asInstanceOf(type(SignatureFault.class))
        .extracting(SignatureFault::error)
        .isEqualTo(error);
  }

  private Credentials session(int seconds) {
    var out =
        f.call(
            f.administrator(),
            GetSessionTokenRequest.builder().durationSeconds(seconds).build(),
            GetSessionTokenResponse.class);
    var keys = Objects.requireNonNull(out.credentials());
    return new Credentials(keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken());
  }

  @Test
  void knowsTheOwnerOfALongTermKey() {
    Principal principal = f.administrator();
    assertThat(principal.arn()).hasToString("arn:aws:iam::" + f.account + ":user/administrator");
    assertThat(principal.userId()).startsWith("AIDA");
    assertThat(principal.session()).isNull();
  }

  @Test
  void refusesAnUnknownKeyAndAWrongSecretEachWithItsCode() {
    var unknown = new Credentials("AKIAAAAAAAAAAAAAAAAA", "x", null);
    fails(CommonError.INVALID_CLIENT_TOKEN_ID, () -> f.principal(unknown));
    var wrong = new Credentials(f.administratorKey.accessKeyId(), "x", null);
    fails(CommonError.INVALID_SIGNATURE, () -> f.principal(wrong));
  }

  @Test
  void refusesAWrongSecretAlsoAfterAGoodOne() {
    f.administrator();
    var wrong = new Credentials(f.administratorKey.accessKeyId(), "x", null);
    fails(CommonError.INVALID_SIGNATURE, () -> f.principal(wrong));
  }

  @Test
  void refusesWrongServiceOldDateAndMissingAuthorization() {
    fails(CommonError.INVALID_SIGNATURE, () -> f.authenticate(f.signed(f.administratorKey, "ecs")));
    fails(
        CommonError.INVALID_SIGNATURE,
        () ->
            f.authenticate(
                f.signed(
                    f.administratorKey, "us-east-1", "sts", f.now.minus(Duration.ofMinutes(6)))));
    fails(
        CommonError.MISSING_AUTHENTICATION,
        () -> f.authenticate(new SignedRequest("POST", "/", "", List.of(new Header("Host", "h")))));
    fails(
        CommonError.INCOMPLETE_SIGNATURE,
        () ->
            f.authenticate(
                new SignedRequest(
                    "POST",
                    "/",
                    "",
                    List.of(
                        new Header("Host", "h"),
                        new Header("Authorization", "AWS4-HMAC-SHA256")))));
  }

  @Test
  void refusesABodyThatWasNotSigned() {
    SignedRequest request = f.signed(f.administratorKey, "sts");
    byte[] other = "Action=AssumeRole".getBytes(StandardCharsets.UTF_8);
    fails(
        CommonError.INVALID_SIGNATURE,
        () ->
            f.iam
                .authenticator()
                .authenticate(Authorization.of(request), request, other, List.of("sts"), f.now));
  }

  @Test
  void refusesAnInactiveAndADeletedKeyAtTheVeryNextRequest() {
    Principal administrator = f.administrator();
    String id = f.administratorKey.accessKeyId();
    var off = UpdateAccessKeyRequest.builder().accessKeyId(id).status("Inactive").build();
    f.call(administrator, off);
    fails(CommonError.INVALID_CLIENT_TOKEN_ID, f::administrator);
    f.call(administrator, off.toBuilder().status("Active").build());
    assertThat(f.administrator()).isEqualTo(administrator);
    f.call(administrator, DeleteAccessKeyRequest.builder().accessKeyId(id).build());
    fails(CommonError.INVALID_CLIENT_TOKEN_ID, f::administrator);
  }

  @Test
  void acceptsASessionUntilItExpires() {
    Credentials session = session(900);
    assertThat(session.accessKeyId()).startsWith("ASIA").hasSize(20);
    assertThat(Objects.requireNonNull(session.sessionToken()).length()).isLessThan(512);
    assertThat(f.principal(session).session()).isNotNull();
    f.pass(Duration.ofSeconds(899));
    assertThat(f.principal(session).arn()).isEqualTo(f.administrator().arn());
    f.pass(Duration.ofSeconds(1));
    fails(CommonError.EXPIRED_TOKEN, () -> f.principal(session));
  }

  @Test
  void refusesASessionWithoutItsTokenOrWithAnother() {
    Credentials one = session(900);
    Credentials two = session(900);
    String key = one.accessKeyId();
    String secret = one.secretAccessKey();
    String token = Objects.requireNonNull(one.sessionToken());
    String tampered = (token.startsWith("A") ? "B" : "A") + token.substring(1);
    fails(
        CommonError.INVALID_CLIENT_TOKEN_ID, () -> f.principal(new Credentials(key, secret, null)));
    fails(
        CommonError.INVALID_CLIENT_TOKEN_ID,
        () -> f.principal(new Credentials(key, secret, two.sessionToken())));
    fails(
        CommonError.INVALID_CLIENT_TOKEN_ID,
        () -> f.principal(new Credentials(key, secret, tampered)));
    fails(
        CommonError.INVALID_CLIENT_TOKEN_ID,
        () ->
            f.principal(
                new Credentials(
                    f.administratorKey.accessKeyId(),
                    f.administratorKey.secretAccessKey(),
                    token)));
    fails(
        CommonError.INVALID_SIGNATURE,
        () -> f.principal(new Credentials(key, two.secretAccessKey(), token)));
  }

  @Test
  void refusesATokenThatIsNotSigned() {
    Credentials session = session(900);
    SignedRequest bare =
        f.signed(new Credentials(session.accessKeyId(), session.secretAccessKey(), null), "sts");
    var headers = new ArrayList<>(bare.headers());
    headers.add(new Header("X-Amz-Security-Token", Objects.requireNonNull(session.sessionToken())));
    fails(
        CommonError.INVALID_SIGNATURE,
        () -> f.authenticate(new SignedRequest("POST", "/", "", headers)));
  }

  @Test
  void endsASessionBeforeItsTime() {
    Credentials session = session(900);
    String id = Objects.requireNonNull(f.principal(session).session()).id();
    f.iam.sessions().end(f.account, id);
    fails(CommonError.EXPIRED_TOKEN, () -> f.principal(session));
    assertThat(
            f.iam.authenticator().principalOf(session.accessKeyId(), session.sessionToken(), f.now))
        .isEmpty();
  }

  @Test
  void sessionsOutliveARestartButNotTheirKey() {
    f.iam.accounts().ensureLocal(f.account);
    Credentials operator = f.iam.accounts().operator(f.account).credentials();
    var again = f.open(Profile.STANDARD, (byte) 1);
    var other = f.open(Profile.STANDARD, (byte) 2);
    String id = operator.accessKeyId();
    assertThat(again.authenticator().principalOf(id, operator.sessionToken(), f.now))
        .get()
        .extracting(p -> p.arn().toString())
        .isEqualTo("arn:aws:sts::" + f.account + ":assumed-role/HoldfastOperator/operator");
    assertThat(other.authenticator().principalOf(id, operator.sessionToken(), f.now)).isEmpty();
  }

  @Test
  void tokensOfADeletedAccountAreUnknown() {
    Credentials session = session(900);
    assertThat(f.iam.accounts().delete(f.account)).isTrue();
    fails(CommonError.INVALID_CLIENT_TOKEN_ID, f::administrator);
    fails(CommonError.INVALID_CLIENT_TOKEN_ID, () -> f.principal(session));
    assertThat(f.iam.accounts().delete(f.account)).isFalse();
  }

  @Test
  void aLeapOfTheClockEndsNoSessionForGood() {
    Credentials session = session(900);
    f.pass(Duration.ofDays(3653));
    fails(CommonError.EXPIRED_TOKEN, () -> f.principal(session));
    f.pass(Duration.ofDays(-3653));
    assertThat(f.principal(session).session()).isNotNull();
    f.pass(Duration.ofHours(-1));
    assertThat(f.principal(session).session()).as("an hour back").isNotNull();
  }

  @Test
  void aSessionFromAClockThatWasAheadDoesNotLiveUntilThen() {
    f.pass(Duration.ofDays(3653));
    Credentials session = session(900);
    assertThat(f.principal(session).session()).isNotNull();
    f.pass(Duration.ofDays(-3653));
    fails(CommonError.EXPIRED_TOKEN, () -> f.principal(session));
  }
}
