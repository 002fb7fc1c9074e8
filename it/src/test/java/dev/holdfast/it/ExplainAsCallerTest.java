// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.app.cli.CliFailure;
import dev.holdfast.app.cli.denials.CallersView;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.kit.Json;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code ./holdfast explain} for somebody who has AWS credentials and no socket. */
class ExplainAsCallerTest {
  private static Harbor harbor;
  private static Harbor.User denied;
  private static Harbor.User reader;
  private static Harbor.User stranger;

  @BeforeAll
  static void open() throws IOException {
    harbor = Harbor.open();
    denied = harbor.user("denied");
    reader = harbor.user("reader");
    stranger = harbor.user("stranger");
    harbor.policy(reader, Json.parseObject(allow("sts:DecodeAuthorizationMessage")));
  }

  @AfterAll
  static void close() throws IOException {
    harbor.close();
  }

  private static String allow(String action) {
    return "{\"Version\":\"2012-10-17\",\"Statement\":[%s]}"
        .formatted(EscalationPaths.may(action, "*"));
  }

  /** The authorization id of a refusal. */
  private static String refusal(String operation) {
    String text =
        harbor
            .attempt(
                denied.credentials(),
                harbor.operation(operation).orElseThrow(),
                Json.parseObject("{}"))
            .orElseThrow()
            .text();
    String mark = "(authorization id: ";
    return text.substring(text.indexOf(mark) + mark.length(), text.lastIndexOf(')'));
  }

  private static Map<String, String> environment(Credentials keys) {
    var environment = new HashMap<String, String>();
    environment.put("AWS_ENDPOINT_URL", harbor.platform().url().toString());
    environment.put("AWS_ACCESS_KEY_ID", keys.accessKeyId());
    environment.put("AWS_SECRET_ACCESS_KEY", keys.secretAccessKey());
    if (keys.sessionToken() != null) {
      environment.put("AWS_SESSION_TOKEN", keys.sessionToken());
    }
    return environment;
  }

  private static String told(Credentials keys, String id) throws IOException {
    return CallersView.of(environment(keys)).orElseThrow().explain(id);
  }

  private static String refused(Credentials keys, String id) {
    return String.valueOf(
        Assertions.catchThrowableOfType(CliFailure.class, () -> told(keys, id)).getMessage());
  }

  @Test
  void whoeverMayDecodeIsToldOfTheOwnAccountsDenials() throws IOException {
    assertThat(told(reader.credentials(), refusal("iam:ListUsers")))
        .contains("denied: iam:ListUsers\n")
        .contains("to: " + denied.arn() + "\n")
        .contains("because: no statement allows it\n");
  }

  @Test
  void theStatementThatDeniesIsNamedWithWhatWasCompared() throws IOException {
    harbor.policy(
        denied,
        Json.parseObject(
            """
            {"Version":"2012-10-17","Statement":[{"Sid":"NotFromHere","Effect":"Deny","Action":"iam:ListRoles",
            "Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"127.0.0.0/8"}}}]}"""));
    assertThat(told(reader.credentials(), refusal("iam:ListRoles")))
        .contains("because: a statement denies it\n  NotFromHere: iam:ListRoles on ")
        .containsIgnoringCase("  aws:sourceip = 127.0.0.1\n");
  }

  @Test
  void whoeverMayNotDecodeIsToldNothing() {
    assertThat(refused(stranger.credentials(), refusal("iam:ListUsers")))
        .startsWith("AccessDenied: ")
        .contains("sts:DecodeAuthorizationMessage")
        .doesNotContain("ListUsers");
  }

  @Test
  void anotherAccountIsNotToldThatThereIsSuchADenial() {
    Credentials foreign = harbor.foreign().administrator();
    assertThat(refused(foreign, refusal("iam:ListUsers")))
        .isEqualTo(refused(foreign, "00000000-0000-4000-8000-000000000000"))
        .startsWith("InvalidAuthorizationMessageException: ");
  }

  @Test
  void nobodyIsAskedWithoutAnAddress() {
    Map<String, String> environment = environment(reader.credentials());
    environment.remove("AWS_ENDPOINT_URL");
    assertThat(CallersView.of(environment)).isEmpty();
  }
}
