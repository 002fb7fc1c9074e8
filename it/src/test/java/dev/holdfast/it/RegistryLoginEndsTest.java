// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.agent.PayloadMessage;
import dev.holdfast.aws.agent.RoleCredentials;
import dev.holdfast.aws.agent.TaskManifestMessage;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A password of the registry is good for twelve hours, and no longer than whoever asked for it: it
 * ends at {@code /v2/} when its session is ended, in each way that one ends.
 */
@Timeout(120)
class RegistryLoginEndsTest {
  private static final String EVERYTHING =
      "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}";

  private Harbor harbor;

  @SuppressWarnings("NullAway.Init")
  RegistryLoginEndsTest() {}

  @BeforeEach
  void open() throws IOException {
    harbor = Harbor.open();
    harbor.admin("ecr:CreateRepository", "{\"repositoryName\":\"shop\"}");
  }

  @AfterEach
  void close() throws IOException {
    harbor.close();
  }

  private void role(String name, String trusted) {
    String trust =
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":%s,\"Action\":\"sts:AssumeRole\"}]}"
            .formatted(trusted);
    harbor.admin(
        "iam:CreateRole",
        Json.text(JsonObject.EMPTY.with("RoleName", name).with("AssumeRolePolicyDocument", trust)));
    policy(name, "much", EVERYTHING);
  }

  private void policy(String role, String name, String document) {
    harbor.admin(
        "iam:PutRolePolicy",
        Json.text(
            JsonObject.EMPTY
                .with("RoleName", role)
                .with("PolicyName", name)
                .with("PolicyDocument", document)));
  }

  private String account() {
    return "{\"AWS\":\"arn:aws:iam::%s:root\"}".formatted(harbor.account());
  }

  private Credentials assumed(Credentials by, String role) {
    return made(
        harbor.call(
            by,
            "us-east-1",
            "sts:AssumeRole",
            "{\"RoleArn\":\"arn:aws:iam::%s:role/%s\",\"RoleSessionName\":\"session\"}"
                .formatted(harbor.account(), role)));
  }

  private static Credentials made(JsonObject answer) {
    JsonObject made = answer.object("Credentials");
    return new Credentials(
        Harbor.text(made, "AccessKeyId"),
        Harbor.text(made, "SecretAccessKey"),
        Harbor.text(made, "SessionToken"));
  }

  private static int lists(RegistryPeer peer) {
    return peer.get("shop/tags/list").status();
  }

  private void ended(RegistryPeer peer) {
    Raw.Answer answer = peer.get("shop/tags/list");
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.text()).contains("UNAUTHORIZED").doesNotContain("\"tags\"");
    assertThat(lists(RegistryPeer.of(harbor, harbor.home().administrator()))).isEqualTo(200);
  }

  /** What a role is tagged with no more counts no more, whatever it was at the login. */
  @Test
  void withTheTagOfItsRole() {
    role("reader", account());
    policy(
        "reader",
        "much",
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\","
            + "\"Condition\":{\"StringEquals\":{\"aws:PrincipalTag/team\":\"blue\"}}}]}");
    harbor.admin(
        "iam:TagRole",
        "{\"RoleName\":\"reader\",\"Tags\":[{\"Key\":\"team\",\"Value\":\"blue\"}]}");
    RegistryPeer peer = RegistryPeer.of(harbor, assumed(harbor.home().administrator(), "reader"));
    assertThat(lists(peer)).isEqualTo(200);
    harbor.admin("iam:UntagRole", "{\"RoleName\":\"reader\",\"TagKeys\":[\"team\"]}");
    assertThat(lists(peer)).isEqualTo(403);
    harbor.admin(
        "iam:TagRole",
        "{\"RoleName\":\"reader\",\"Tags\":[{\"Key\":\"team\",\"Value\":\"blue\"}]}");
    assertThat(lists(peer)).isEqualTo(200);
  }

  @Test
  void withItsTask() throws Exception {
    Harbor.User agent = harbor.user("north");
    harbor.policy(agent, Json.parseObject(EVERYTHING));
    harbor.admin("ecs:CreateCluster", "{\"clusterName\":\"shop\"}");
    role("app", "{\"Service\":\"ecs-tasks.amazonaws.com\"}");
    harbor.admin(
        "ecs:RegisterTaskDefinition",
        """
        {"family":"web","taskRoleArn":"arn:aws:iam::%s:role/app","containerDefinitions":[
         {"name":"web","image":"registry.invalid/none:1","memory":64}]}"""
            .formatted(harbor.account()));
    String host =
        Harbor.text(
            harbor
                .call(
                    agent.credentials(),
                    "us-east-1",
                    "ecs:RegisterContainerInstance",
                    """
                    {"cluster":"shop","totalResources":[
                     {"name":"CPU","type":"INTEGER","integerValue":2048},
                     {"name":"MEMORY","type":"INTEGER","integerValue":4096}]}""")
                .object("containerInstance"),
            "containerInstanceArn");
    String target =
        "/acs/ws?agentVersion=1.0.0&sendCredentials=true&containerInstanceArn="
            + URLEncoder.encode(host, StandardCharsets.UTF_8);
    try (var stream = SignedStream.open(harbor.platform().url(), target, agent.credentials())) {
      stream.next(TaskManifestMessage.class);
      PayloadMessage stopped = run(stream);
      PayloadMessage other = run(stream);
      RegistryPeer ends = RegistryPeer.of(harbor, session(stopped));
      RegistryPeer stays = RegistryPeer.of(harbor, session(other));
      assertThat(lists(ends)).isEqualTo(200);
      harbor.admin(
          "ecs:StopTask",
          "{\"cluster\":\"shop\",\"task\":\"%s\"}".formatted(stopped.tasks().getFirst().arn()));
      ended(ends);
      assertThat(lists(stays)).isEqualTo(200);
    }
  }

  private PayloadMessage run(SignedStream stream) throws Exception {
    harbor.admin("ecs:RunTask", "{\"cluster\":\"shop\",\"taskDefinition\":\"web\"}");
    return stream.next(PayloadMessage.class);
  }

  private static Credentials session(PayloadMessage payload) {
    RoleCredentials role =
        Objects.requireNonNull(payload.tasks().getFirst().roleCredentials(), "no role");
    return new Credentials(role.accessKeyId(), role.secretAccessKey(), role.sessionToken());
  }

  private Credentials session(Credentials by) {
    return made(harbor.call(by, "us-east-1", "sts:GetSessionToken", "{}"));
  }

  @Test
  void withTheKeyThatOpenedItsSession() {
    Harbor.User user = harbor.user("leaving");
    harbor.policy(user, Json.parseObject(EVERYTHING));
    RegistryPeer ends = RegistryPeer.of(harbor, session(user.credentials()));
    RegistryPeer stays = RegistryPeer.of(harbor, session(harbor.home().administrator()));
    assertThat(lists(ends)).isEqualTo(200);
    harbor.admin(
        "iam:DeleteAccessKey",
        "{\"UserName\":\"leaving\",\"AccessKeyId\":\"%s\"}"
            .formatted(user.credentials().accessKeyId()));
    ended(ends);
    assertThat(lists(stays)).isEqualTo(200);
  }

  /** As the console of AWS does: a Deny for sessions of before. The login is none of it: 403. */
  @Test
  void withAPolicyThatRevokesOlderSessions() {
    role("app", account());
    RegistryPeer older = RegistryPeer.of(harbor, assumed(harbor.home().administrator(), "app"));
    assertThat(lists(older)).isEqualTo(200);
    policy(
        "app",
        "AWSRevokeOlderSessions",
        """
        {"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":["*"],"Resource":["*"],
         "Condition":{"DateLessThan":{"aws:TokenIssueTime":"%s"}}}]}"""
            .formatted(second(1)));
    assertThat(lists(older)).isEqualTo(403);
    policy(
        "app",
        "AWSRevokeOlderSessions",
        """
        {"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":["*"],"Resource":["*"],
         "Condition":{"DateLessThan":{"aws:TokenIssueTime":"%s"}}}]}"""
            .formatted(second(-3600)));
    assertThat(lists(older)).as("the policy is what refused").isEqualTo(200);
  }

  private static Instant second(long from) {
    return InstantSource.system().instant().plusSeconds(from).truncatedTo(ChronoUnit.SECONDS);
  }

  @Test
  void withItsRoleWhichIsNotTheNextOneOfThatName() {
    role("app", account());
    RegistryPeer before = RegistryPeer.of(harbor, assumed(harbor.home().administrator(), "app"));
    assertThat(lists(before)).isEqualTo(200);
    harbor.admin("iam:DeleteRolePolicy", "{\"RoleName\":\"app\",\"PolicyName\":\"much\"}");
    harbor.admin("iam:DeleteRole", "{\"RoleName\":\"app\"}");
    ended(before);
    role("app", account());
    ended(before);
    assertThat(lists(RegistryPeer.of(harbor, assumed(harbor.home().administrator(), "app"))))
        .isEqualTo(200);
  }
}
