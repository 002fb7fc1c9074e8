// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Region;
import dev.holdfast.kit.fuzz.Fuzz;
import dev.holdfast.service.AuditEvent;
import dev.holdfast.service.AuditLog;
import dev.holdfast.service.Call;
import dev.holdfast.service.CallRecord;
import dev.holdfast.service.Origin;
import dev.holdfast.service.Principal;
import dev.holdfast.service.RequestId;
import dev.holdfast.service.Seal;
import dev.holdfast.store.Tx;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@code {token}} in an input stands for a password that was issued. */
class TokensFuzzTest {
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
  private static final AccountId ACCOUNT = new AccountId("123456789012");
  private static final Principal PRINCIPAL =
      new Principal(
          new Principal.Identity(
              Principal.Kind.USER, ACCOUNT, "AIDA1", "bob", Arn.global("iam", ACCOUNT, "user/bob")),
          "AKIA1",
          Map.of(),
          null);

  private final Tokens tokens =
      new Tokens(new Seal(key(), new SecureRandom()), (remembered, _) -> Optional.of(remembered));
  private final String token = tokens.issue(call()).text();

  private static byte[] key() {
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    return key;
  }

  private static Call call() {
    return new Call(
        new RequestId("r"),
        PRINCIPAL,
        new Region("us-east-1"),
        NOW,
        new Origin("127.0.0.1", "test", true),
        List.of(),
        new CallRecord(new NoLog(), "event", "ecr.amazonaws.com", "GetAuthorizationToken"));
  }

  private static final class NoLog implements AuditLog {
    @Override
    public void stage(Tx tx, AccountId account, Region region, AuditEvent event) {}

    @Override
    public void append(AccountId account, Region region, AuditEvent event) {}
  }

  @Test
  void nobodyElseHoldsAToken() {
    assertThat(holder("Basic {token}")).isEqualTo("bob");
    Fuzz.run(
        TokensFuzzTest.class,
        "token",
        input -> holder(new String(input, StandardCharsets.ISO_8859_1)));
  }

  private String holder(String text) {
    String header = text.replace("{token}", token);
    Optional<Tokens.Holder> holder = tokens.holder(header, NOW);
    assertThat(tokens.holder(header, NOW.plus(Duration.ofHours(12)))).isEmpty();
    if (holder.isEmpty()) {
      return "nobody";
    }
    assertThat(holder.get().principal()).isEqualTo(PRINCIPAL);
    assertThat(header.substring(0, 6)).isEqualToIgnoringCase("Basic ");
    // The same note, whatever the spelling of its base64 (a last character has several).
    assertThat(note(header.substring(6).strip())).isEqualTo(note(token));
    return "bob";
  }

  private static byte[] note(String text) {
    String password = new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    return Base64.getUrlDecoder().decode(password.substring("AWS:".length()));
  }
}
